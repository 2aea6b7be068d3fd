# fish completion for oauth2ctl
# Written by oauth2-docs from the table of commands; changes here are lost.

set -g __oauth2ctl_places \
    'client' \
    'client secret' \
    'scope' \
    'user' \
    'token' \
    'grant' \
    'session' \
    'key' \
    'provider' \
    'account' \
    'explain' \
    'flow' \
    'audit' \
    'db' \
    'config' \
    'completion' \
    'init' \
    'client create' \
    'client list' \
    'client show' \
    'client update' \
    'client enable' \
    'client disable' \
    'client delete' \
    'client secret add' \
    'client secret list' \
    'client secret revoke' \
    'client secret verify' \
    'client rotate-secret' \
    'scope create' \
    'scope list' \
    'scope show' \
    'scope update' \
    'scope delete' \
    'user create' \
    'user list' \
    'user show' \
    'user update' \
    'user set-password' \
    'user reset-link' \
    'user enable' \
    'user disable' \
    'user delete' \
    'token create' \
    'token list' \
    'token show' \
    'token update' \
    'token rotate' \
    'token extend' \
    'token revoke' \
    'token verify' \
    'token inspect' \
    'grant list' \
    'grant show' \
    'grant revoke' \
    'session list' \
    'session revoke' \
    'key list' \
    'key rotate' \
    'key retire' \
    'key export' \
    'key rewrap' \
    'provider create' \
    'provider list' \
    'provider show' \
    'provider update' \
    'provider enable' \
    'provider disable' \
    'provider delete' \
    'account list' \
    'account unlink' \
    'account token' \
    'explain authorize' \
    'explain token' \
    'flow client-credentials' \
    'flow code' \
    'flow device' \
    'flow refresh' \
    'audit list' \
    'db migrate' \
    'db status' \
    'db check' \
    'db prune' \
    'db copy' \
    'config show' \
    'config check' \
    'completion bash' \
    'completion zsh' \
    'completion fish' \
    'version'

set -g __oauth2ctl_valued \
    ' --db' \
    ' --config' \
    ' --output' ' -o' \
    ' --color' \
    ' --reason' \
    ' --as' \
    'init --issuer' \
    'client create --id' \
    'client create --grant' \
    'client create --response-type' \
    'client create --redirect-uri' \
    'client create --scope' \
    'client create --default-scope' \
    'client create --auth-method' \
    'client create --description' \
    'client create --website' \
    'client create --owner' \
    'client create --access-token-ttl' \
    'client create --refresh-token-ttl' \
    'client create --introspect' \
    'client create --access-token-format' \
    'client create --signing-alg' \
    'client create --resource' \
    'client create --audience' \
    'client create --secret-from' \
    'client create --secret-out' \
    'client list --owner' \
    'client list --grant' \
    'client update --name' \
    'client update --grant' \
    'client update --response-type' \
    'client update --redirect-uri' \
    'client update --scope' \
    'client update --default-scope' \
    'client update --auth-method' \
    'client update --description' \
    'client update --website' \
    'client update --owner' \
    'client update --access-token-ttl' \
    'client update --refresh-token-ttl' \
    'client update --introspect' \
    'client update --access-token-format' \
    'client update --signing-alg' \
    'client update --resource' \
    'client update --audience' \
    'client secret add --expires-in' \
    'client secret add --secret-out' \
    'client secret verify --secret-from' \
    'client rotate-secret --overlap' \
    'client rotate-secret --secret-out' \
    'scope create --description' \
    'scope create --group' \
    'scope update --description' \
    'scope update --group' \
    'user create --email' \
    'user create --name' \
    'user create --password-from' \
    'user update --username' \
    'user update --email' \
    'user update --name' \
    'user set-password --password-from' \
    'user reset-link --expires-in' \
    'token create --user' \
    'token create --name' \
    'token create --scope' \
    'token create --expires-in' \
    'token create --secret-out' \
    'token list --user' \
    'token list --client' \
    'token list --kind' \
    'token list --scope' \
    'token list --expiring' \
    'token list --unused' \
    'token update --name' \
    'token update --scope' \
    'token rotate --overlap' \
    'token rotate --secret-out' \
    'token extend --expires-in' \
    'token revoke --user' \
    'token revoke --client' \
    'token revoke --scope' \
    'token revoke --before' \
    'token revoke --leaked' \
    'token verify --scope' \
    'token verify --audience' \
    'token verify --token-from' \
    'token inspect --token-from' \
    'grant list --user' \
    'grant list --client' \
    'grant revoke --user' \
    'grant revoke --client' \
    'session list --user' \
    'session revoke --user' \
    'key rotate --alg' \
    'key rotate --overlap' \
    'key rewrap --old-key-from' \
    'provider create --preset' \
    'provider create --client-id' \
    'provider create --secret-from' \
    'provider create --issuer' \
    'provider create --authorize-url' \
    'provider create --token-url' \
    'provider create --userinfo-url' \
    'provider create --emails-url' \
    'provider create --request-token-url' \
    'provider create --signature-method' \
    'provider create --scope' \
    'provider create --title' \
    'provider create --description' \
    'provider create --icon' \
    'provider create --signup' \
    'provider update --client-id' \
    'provider update --secret-from' \
    'provider update --issuer' \
    'provider update --authorize-url' \
    'provider update --token-url' \
    'provider update --userinfo-url' \
    'provider update --emails-url' \
    'provider update --request-token-url' \
    'provider update --signature-method' \
    'provider update --scope' \
    'provider update --title' \
    'provider update --description' \
    'provider update --icon' \
    'provider update --signup' \
    'account list --user' \
    'account list --provider' \
    'explain authorize --client' \
    'explain authorize --scope' \
    'explain authorize --resource' \
    'explain authorize --redirect-uri' \
    'explain authorize --response-type' \
    'explain authorize --response-mode' \
    'explain authorize --state' \
    'explain authorize --code-challenge' \
    'explain authorize --code-challenge-method' \
    'explain authorize --url' \
    'explain token --client' \
    'explain token --scope' \
    'explain token --resource' \
    'explain token --grant' \
    'explain token --auth-method' \
    'flow client-credentials --issuer' \
    'flow client-credentials --client-id' \
    'flow client-credentials --client' \
    'flow client-credentials --secret-from' \
    'flow client-credentials --auth-method' \
    'flow client-credentials --scope' \
    'flow client-credentials --resource' \
    'flow client-credentials --ca-file' \
    'flow code --issuer' \
    'flow code --client-id' \
    'flow code --client' \
    'flow code --secret-from' \
    'flow code --auth-method' \
    'flow code --scope' \
    'flow code --resource' \
    'flow code --ca-file' \
    'flow code --redirect-uri' \
    'flow code --port' \
    'flow code --timeout' \
    'flow device --issuer' \
    'flow device --client-id' \
    'flow device --client' \
    'flow device --secret-from' \
    'flow device --auth-method' \
    'flow device --scope' \
    'flow device --resource' \
    'flow device --ca-file' \
    'flow refresh --issuer' \
    'flow refresh --client-id' \
    'flow refresh --client' \
    'flow refresh --secret-from' \
    'flow refresh --auth-method' \
    'flow refresh --scope' \
    'flow refresh --resource' \
    'flow refresh --ca-file' \
    'flow refresh --refresh-token-from' \
    'audit list --since' \
    'audit list --actor' \
    'audit list --object' \
    'db prune --older' \
    'db copy --from' \
    'db copy --to'

function __oauth2ctl_line --description 'prints the command being typed, then how many arguments it has'
    set -l place
    set -l count 0
    set -l awaited 0
    for word in (commandline -opc)[2..-1]
        if test $awaited -eq 1
            set awaited 0
        else if contains -- "$place $word" $__oauth2ctl_valued; or contains -- " $word" $__oauth2ctl_valued
            set awaited 1
        else if string match -q -- '-*' $word
            continue
        else if contains -- (string trim "$place $word") $__oauth2ctl_places
            set place (string trim "$place $word")
        else if test "$place$word" = pat
            set place token
        else
            set count (math $count + 1)
        end
    end
    echo $place
    echo $count
end

function __oauth2ctl_at
    set -l line (__oauth2ctl_line)
    test "$line[1]" = "$argv[1]"; and begin
        test (count $argv) -eq 1; or test "$line[2]" = "$argv[2]"
    end
end

function __oauth2ctl_names
    set -l with
    set -l words (commandline -opc)
    for i in (seq (count $words))
        switch $words[$i]
            case --db --config
                set -a with $words[$i] $words[(math $i + 1)]
            case '--db=*' '--config=*'
                set -a with $words[$i]
        end
    end
    switch $argv[1]
        case client
            oauth2ctl $with --no-input client list -o value=client_name 2>/dev/null | sort -u
        case scope
            oauth2ctl $with --no-input scope list -o value=name 2>/dev/null
        case user
            oauth2ctl $with --no-input user list -o value=username 2>/dev/null
        case token
            oauth2ctl $with --no-input token list --kind personal -o value=name 2>/dev/null | sort -u
        case grant
            oauth2ctl $with --no-input grant list -o value=id 2>/dev/null
        case session
            oauth2ctl $with --no-input session list -o value=id 2>/dev/null
        case key
            oauth2ctl $with --no-input key list -o value=kid 2>/dev/null
        case provider
            oauth2ctl $with --no-input provider list -o value=name 2>/dev/null
        case account
            oauth2ctl $with --no-input account list -o value=id 2>/dev/null
    end
end

complete -c oauth2ctl -f
complete -c oauth2ctl -n '__oauth2ctl_at ""' -a init -d 'make the database, the server\'s key and the scope user:email'
complete -c oauth2ctl -n '__oauth2ctl_at ""' -a client -d 'applications that ask for tokens'
complete -c oauth2ctl -n '__oauth2ctl_at ""' -a scope -d 'what a token may be allowed to do'
complete -c oauth2ctl -n '__oauth2ctl_at ""' -a user -d 'people who sign in'
complete -c oauth2ctl -n '__oauth2ctl_at ""' -a token -d 'personal, access and refresh tokens (alias: pat)'
complete -c oauth2ctl -n '__oauth2ctl_at ""' -a grant -d 'what people allowed applications, and the tokens under it'
complete -c oauth2ctl -n '__oauth2ctl_at ""' -a session -d 'browsers in which people are signed in'
complete -c oauth2ctl -n '__oauth2ctl_at ""' -a key -d 'keys that tokens are signed with'
complete -c oauth2ctl -n '__oauth2ctl_at ""' -a provider -d 'services whose accounts people sign in with'
complete -c oauth2ctl -n '__oauth2ctl_at ""' -a account -d 'accounts elsewhere that are linked to users'
complete -c oauth2ctl -n '__oauth2ctl_at ""' -a explain -d 'why a request would be refused'
complete -c oauth2ctl -n '__oauth2ctl_at ""' -a flow -d 'a test client for any OAuth 2.0 server'
complete -c oauth2ctl -n '__oauth2ctl_at ""' -a audit -d 'who changed what, and when'
complete -c oauth2ctl -n '__oauth2ctl_at ""' -a db -d 'the database itself'
complete -c oauth2ctl -n '__oauth2ctl_at ""' -a config -d 'the settings in force'
complete -c oauth2ctl -n '__oauth2ctl_at ""' -a completion -d 'Tab completion for a shell'
complete -c oauth2ctl -n '__oauth2ctl_at ""' -a version -d 'print which version this is'
complete -c oauth2ctl -n '__oauth2ctl_at "client"' -a create -d 'register an application'
complete -c oauth2ctl -n '__oauth2ctl_at "client"' -a list -d 'list applications by name'
complete -c oauth2ctl -n '__oauth2ctl_at "client"' -a show -d 'show one application'
complete -c oauth2ctl -n '__oauth2ctl_at "client"' -a update -d 'change an application'
complete -c oauth2ctl -n '__oauth2ctl_at "client"' -a enable -d 'let a disabled application work again'
complete -c oauth2ctl -n '__oauth2ctl_at "client"' -a disable -d 'stop an application; its tokens are inactive until it is enabled'
complete -c oauth2ctl -n '__oauth2ctl_at "client"' -a delete -d 'delete an application with its secrets and tokens'
complete -c oauth2ctl -n '__oauth2ctl_at "client"' -a secret -d 'applications that ask for tokens'
complete -c oauth2ctl -n '__oauth2ctl_at "client"' -a rotate-secret -d 'give an application a new secret in place of all it has'
complete -c oauth2ctl -n '__oauth2ctl_at "client secret"' -a add -d 'give an application one more secret'
complete -c oauth2ctl -n '__oauth2ctl_at "client secret"' -a list -d 'list an application\'s secrets by their ids, oldest first'
complete -c oauth2ctl -n '__oauth2ctl_at "client secret"' -a revoke -d 'end one of an application\'s secrets at once'
complete -c oauth2ctl -n '__oauth2ctl_at "client secret"' -a verify -d 'tell whether a secret is valid: exit code 0, or 6'
complete -c oauth2ctl -n '__oauth2ctl_at "scope"' -a create -d 'add something that tokens may be allowed'
complete -c oauth2ctl -n '__oauth2ctl_at "scope"' -a list -d 'list scopes by group and name'
complete -c oauth2ctl -n '__oauth2ctl_at "scope"' -a show -d 'show one scope'
complete -c oauth2ctl -n '__oauth2ctl_at "scope"' -a update -d 'change a scope\'s description, group or kind'
complete -c oauth2ctl -n '__oauth2ctl_at "scope"' -a delete -d 'delete a scope that no client and no live token has'
complete -c oauth2ctl -n '__oauth2ctl_at "user"' -a create -d 'add a person'
complete -c oauth2ctl -n '__oauth2ctl_at "user"' -a list -d 'list people by username'
complete -c oauth2ctl -n '__oauth2ctl_at "user"' -a show -d 'show one person'
complete -c oauth2ctl -n '__oauth2ctl_at "user"' -a update -d 'change a person\'s names or e-mail'
complete -c oauth2ctl -n '__oauth2ctl_at "user"' -a set-password -d 'set a person\'s password'
complete -c oauth2ctl -n '__oauth2ctl_at "user"' -a reset-link -d 'make a one-time URL on which a person sets a password'
complete -c oauth2ctl -n '__oauth2ctl_at "user"' -a enable -d 'let a disabled person in again'
complete -c oauth2ctl -n '__oauth2ctl_at "user"' -a disable -d 'keep a person out; their tokens and clients are inactive until they are enabled'
complete -c oauth2ctl -n '__oauth2ctl_at "user"' -a delete -d 'delete a person with their clients and tokens'
complete -c oauth2ctl -n '__oauth2ctl_at "token"' -a create -d 'make a personal token'
complete -c oauth2ctl -n '__oauth2ctl_at "token"' -a list -d 'list tokens, newest first'
complete -c oauth2ctl -n '__oauth2ctl_at "token"' -a show -d 'show one token, by its id or name'
complete -c oauth2ctl -n '__oauth2ctl_at "token"' -a update -d 'change a personal token\'s name or scope'
complete -c oauth2ctl -n '__oauth2ctl_at "token"' -a rotate -d 'replace a personal token by a new one of the same name, scope and life'
complete -c oauth2ctl -n '__oauth2ctl_at "token"' -a extend -d 'let a personal token end later, or sooner'
complete -c oauth2ctl -n '__oauth2ctl_at "token"' -a revoke -d 'end tokens for good'
complete -c oauth2ctl -n '__oauth2ctl_at "token"' -a verify -d 'tell whether a token is good: exit code 0, 6 (inactive) or 7 (lacks the scope or the audience)'
complete -c oauth2ctl -n '__oauth2ctl_at "token"' -a inspect -d 'tell a token\'s kind from its text alone'
complete -c oauth2ctl -n '__oauth2ctl_at "grant"' -a list -d 'list what people allowed applications, newest first'
complete -c oauth2ctl -n '__oauth2ctl_at "grant"' -a show -d 'show what one person allowed one application'
complete -c oauth2ctl -n '__oauth2ctl_at "grant"' -a revoke -d 'take back what a person allowed an application, with all tokens that it got'
complete -c oauth2ctl -n '__oauth2ctl_at "session"' -a list -d 'list the browsers in which people are signed in, newest first'
complete -c oauth2ctl -n '__oauth2ctl_at "session"' -a revoke -d 'sign a browser out'
complete -c oauth2ctl -n '__oauth2ctl_at "key"' -a list -d 'list the keys that tokens are signed with, newest first'
complete -c oauth2ctl -n '__oauth2ctl_at "key"' -a rotate -d 'sign with a new key from the next token on'
complete -c oauth2ctl -n '__oauth2ctl_at "key"' -a retire -d 'end a key and every token that it signed, now'
complete -c oauth2ctl -n '__oauth2ctl_at "key"' -a export -d 'print public keys, or a private one'
complete -c oauth2ctl -n '__oauth2ctl_at "key"' -a rewrap -d 'encrypt all that is sealed anew, under the server\'s present key'
complete -c oauth2ctl -n '__oauth2ctl_at "provider"' -a create -d 'let people sign in with an account that they have elsewhere'
complete -c oauth2ctl -n '__oauth2ctl_at "provider"' -a list -d 'list the providers by name'
complete -c oauth2ctl -n '__oauth2ctl_at "provider"' -a show -d 'show one provider, with all that its preset says'
complete -c oauth2ctl -n '__oauth2ctl_at "provider"' -a update -d 'change a provider'
complete -c oauth2ctl -n '__oauth2ctl_at "provider"' -a enable -d 'let people sign in with a disabled provider again'
complete -c oauth2ctl -n '__oauth2ctl_at "provider"' -a disable -d 'stop signing in with a provider; linked accounts stay for when it is enabled'
complete -c oauth2ctl -n '__oauth2ctl_at "provider"' -a delete -d 'delete a provider with the accounts that are linked by it'
complete -c oauth2ctl -n '__oauth2ctl_at "account"' -a list -d 'list the accounts elsewhere that are linked to users, by user'
complete -c oauth2ctl -n '__oauth2ctl_at "account"' -a unlink -d 'take away an account that is linked to a user, with its tokens'
complete -c oauth2ctl -n '__oauth2ctl_at "account"' -a token -d 'print an access token with which to act for a user elsewhere, a fresh one where it must be'
complete -c oauth2ctl -n '__oauth2ctl_at "explain"' -a authorize -d 'tell which check would refuse an authorization request, and why'
complete -c oauth2ctl -n '__oauth2ctl_at "explain"' -a token -d 'tell which check would refuse a token request, and why'
complete -c oauth2ctl -n '__oauth2ctl_at "flow"' -a client-credentials -d 'get a token for the client itself, from any OAuth 2.0 server'
complete -c oauth2ctl -n '__oauth2ctl_at "flow"' -a code -d 'sign in with a browser, at any OAuth 2.0 server'
complete -c oauth2ctl -n '__oauth2ctl_at "flow"' -a device -d 'sign in on another device, at any OAuth 2.0 server'
complete -c oauth2ctl -n '__oauth2ctl_at "flow"' -a refresh -d 'exchange a refresh token at any OAuth 2.0 server'
complete -c oauth2ctl -n '__oauth2ctl_at "audit"' -a list -d 'list who changed what, oldest first'
complete -c oauth2ctl -n '__oauth2ctl_at "db"' -a migrate -d 'bring the database\'s schema up to date'
complete -c oauth2ctl -n '__oauth2ctl_at "db"' -a status -d 'show where the database is, how big, and which schema it has'
complete -c oauth2ctl -n '__oauth2ctl_at "db"' -a check -d 'look for damage in the database: exit code 0, or 1 with a list of problems'
complete -c oauth2ctl -n '__oauth2ctl_at "db"' -a prune -d 'delete what expired or was revoked long ago'
complete -c oauth2ctl -n '__oauth2ctl_at "db"' -a copy -d 'move a deployment to another database'
complete -c oauth2ctl -n '__oauth2ctl_at "config"' -a show -d 'show every setting with its value and where that comes from'
complete -c oauth2ctl -n '__oauth2ctl_at "config"' -a check -d 'look for mistakes in the settings: exit code 0, or 5 with a list of problems'
complete -c oauth2ctl -n '__oauth2ctl_at "completion"' -a bash -d 'print the completion script for bash'
complete -c oauth2ctl -n '__oauth2ctl_at "completion"' -a zsh -d 'print the completion script for zsh'
complete -c oauth2ctl -n '__oauth2ctl_at "completion"' -a fish -d 'print the completion script for fish'
complete -c oauth2ctl -l db -r -F -d 'the database: sqlite:PATH or a bare PATH'
complete -c oauth2ctl -l config -r -F -d 'settings, shared with oauth2d; else /etc/oauth2ctl/oauth2ctl.toml'
complete -c oauth2ctl -l output -s o -x -d 'table, json, jsonl, csv, env, github or value=FIELD'
complete -c oauth2ctl -l quiet -s q -d 'print only the one thing that a script wants'
complete -c oauth2ctl -l yes -s y -d 'do not ask before something is destroyed'
complete -c oauth2ctl -l no-input -d 'never ask, even on a terminal'
complete -c oauth2ctl -l dry-run -d 'say what would change, change nothing'
complete -c oauth2ctl -l color -x -a 'auto always never' -d 'auto, always or never'
complete -c oauth2ctl -l reason -x -d 'why, for the audit log'
complete -c oauth2ctl -l as -x -d 'who, for the audit log; else the user of the operating system'
complete -c oauth2ctl -l help -d 'what it does, with examples'
complete -c oauth2ctl -n '__oauth2ctl_at "init"' -l issuer -x -d 'the server\'s public address, stored for oauth2d'
complete -c oauth2ctl -n '__oauth2ctl_at "init"' -l if-not-exists -d 'take a database that is there as it is'
complete -c oauth2ctl -n '__oauth2ctl_at "init"' -l output -s o -x -a 'table json jsonl csv env github value=db value=server_key value=issuer value=changed'
complete -c oauth2ctl -n '__oauth2ctl_at "client create"' -l id -x -d 'its client_id, else 32 random characters'
complete -c oauth2ctl -n '__oauth2ctl_at "client create"' -l public -d 'it cannot keep a secret: an app on a phone or in a browser'
complete -c oauth2ctl -n '__oauth2ctl_at "client create"' -l no-public -d 'not: it cannot keep a secret: an app on a phone or in a browser'
complete -c oauth2ctl -n '__oauth2ctl_at "client create"' -l grant -x -a 'authorization_code implicit refresh_token client_credentials password device_code' -d 'authorization_code, implicit, refresh_token, client_credentials, password, device_code'
complete -c oauth2ctl -n '__oauth2ctl_at "client create"' -l response-type -x -a 'code token' -d 'code, token; else what the grants need'
complete -c oauth2ctl -n '__oauth2ctl_at "client create"' -l redirect-uri -x -d 'where users come back to; compared exactly'
complete -c oauth2ctl -n '__oauth2ctl_at "client create"' -l scope -x -a '(__oauth2ctl_names scope)' -d 'what it may ask for'
complete -c oauth2ctl -n '__oauth2ctl_at "client create"' -l default-scope -x -a '(__oauth2ctl_names scope)' -d 'what it gets when it asks for nothing'
complete -c oauth2ctl -n '__oauth2ctl_at "client create"' -l auth-method -x -a 'client_secret_basic client_secret_post none' -d 'client_secret_basic, client_secret_post, none'
complete -c oauth2ctl -n '__oauth2ctl_at "client create"' -l description -x -d 'shown to users when they are asked for consent'
complete -c oauth2ctl -n '__oauth2ctl_at "client create"' -l website -x -d 'its home page'
complete -c oauth2ctl -n '__oauth2ctl_at "client create"' -l owner -x -a '(__oauth2ctl_names user)' -d 'the user it belongs to'
complete -c oauth2ctl -n '__oauth2ctl_at "client create"' -l internal -d 'it may have internal scopes'
complete -c oauth2ctl -n '__oauth2ctl_at "client create"' -l no-internal -d 'not: it may have internal scopes'
complete -c oauth2ctl -n '__oauth2ctl_at "client create"' -l access-token-ttl -x -d 'how long its access tokens live; else as the server\'s setting says'
complete -c oauth2ctl -n '__oauth2ctl_at "client create"' -l refresh-token-ttl -x -d 'how long its refresh tokens live; else as the server\'s setting says'
complete -c oauth2ctl -n '__oauth2ctl_at "client create"' -l introspect -x -a 'any audience own' -d 'whose tokens it may look at: any, audience or own'
complete -c oauth2ctl -n '__oauth2ctl_at "client create"' -l access-token-format -x -a 'opaque jwt' -d 'opaque: only this server can read its access tokens; jwt: signed ones (RFC 9068)'
complete -c oauth2ctl -n '__oauth2ctl_at "client create"' -l signing-alg -x -a 'EdDSA ES256 RS256' -d 'EdDSA, ES256 or RS256: of its tokens, else the server\'s; of introspection for it, else RS256'
complete -c oauth2ctl -n '__oauth2ctl_at "client create"' -l resource -x -d 'an API that its tokens may be for, where it asks for that (RFC 8707)'
complete -c oauth2ctl -n '__oauth2ctl_at "client create"' -l audience -x -d 'an API that it is itself: it may introspect tokens that are for it'
complete -c oauth2ctl -n '__oauth2ctl_at "client create"' -l skip-consent -d 'first-party: users are not asked for consent'
complete -c oauth2ctl -n '__oauth2ctl_at "client create"' -l no-skip-consent -d 'not: first-party: users are not asked for consent'
complete -c oauth2ctl -n '__oauth2ctl_at "client create"' -l require-par -d 'only authorization requests that it pushed before count (RFC 9126)'
complete -c oauth2ctl -n '__oauth2ctl_at "client create"' -l no-require-par -d 'not: only authorization requests that it pushed before count (RFC 9126)'
complete -c oauth2ctl -n '__oauth2ctl_at "client create"' -l secret-from -x -a '- env: file:' -d 'a secret of your own, 32 characters or more: -, env:NAME or file:PATH'
complete -c oauth2ctl -n '__oauth2ctl_at "client create"' -l secret-out -x -a 'file:' -d 'write the new secret to a fresh file of mode 0600'
complete -c oauth2ctl -n '__oauth2ctl_at "client create"' -l if-not-exists -d 'take one that is there as it is: changed is false then'
complete -c oauth2ctl -n '__oauth2ctl_at "client create"' -l upsert -d 'make one that is there as asked; what is not named is left alone'
complete -c oauth2ctl -n '__oauth2ctl_at "client create"' -l output -s o -x -a 'table json jsonl csv env github value=client_id value=client_name value=description value=client_uri value=owner value=grant_types value=response_types value=redirect_uris value=scope value=default_scope value=token_endpoint_auth_method value=introspect value=internal value=skip_consent value=require_pushed_authorization_requests value=access_token_format value=signing_alg value=resources value=audiences value=access_token_ttl value=refresh_token_ttl value=disabled_at value=created_at value=client_secret value=client_secret_expires_at value=changed'
complete -c oauth2ctl -n '__oauth2ctl_at "client list"' -l owner -x -a '(__oauth2ctl_names user)' -d 'only this user\'s'
complete -c oauth2ctl -n '__oauth2ctl_at "client list"' -l grant -x -a 'authorization_code implicit refresh_token client_credentials password device_code' -d 'only those with this grant'
complete -c oauth2ctl -n '__oauth2ctl_at "client list"' -l disabled -d 'only disabled ones'
complete -c oauth2ctl -n '__oauth2ctl_at "client list"' -l output -s o -x -a 'table json jsonl csv env github value=client_id value=client_name value=description value=client_uri value=owner value=grant_types value=response_types value=redirect_uris value=scope value=default_scope value=token_endpoint_auth_method value=introspect value=internal value=skip_consent value=require_pushed_authorization_requests value=access_token_format value=signing_alg value=resources value=audiences value=access_token_ttl value=refresh_token_ttl value=disabled_at value=created_at'
complete -c oauth2ctl -n '__oauth2ctl_at "client show" 0' -a '(__oauth2ctl_names client)' -d ID
complete -c oauth2ctl -n '__oauth2ctl_at "client show"' -l output -s o -x -a 'table json jsonl csv env github value=client_id value=client_name value=description value=client_uri value=owner value=grant_types value=response_types value=redirect_uris value=scope value=default_scope value=token_endpoint_auth_method value=introspect value=internal value=skip_consent value=require_pushed_authorization_requests value=access_token_format value=signing_alg value=resources value=audiences value=access_token_ttl value=refresh_token_ttl value=disabled_at value=created_at'
complete -c oauth2ctl -n '__oauth2ctl_at "client update"' -l name -x -d 'another name'
complete -c oauth2ctl -n '__oauth2ctl_at "client update"' -l public -d 'it cannot keep a secret: an app on a phone or in a browser'
complete -c oauth2ctl -n '__oauth2ctl_at "client update"' -l no-public -d 'not: it cannot keep a secret: an app on a phone or in a browser'
complete -c oauth2ctl -n '__oauth2ctl_at "client update"' -l grant -x -a 'authorization_code implicit refresh_token client_credentials password device_code' -d 'authorization_code, implicit, refresh_token, client_credentials, password, device_code'
complete -c oauth2ctl -n '__oauth2ctl_at "client update"' -l response-type -x -a 'code token' -d 'code, token; else what the grants need'
complete -c oauth2ctl -n '__oauth2ctl_at "client update"' -l redirect-uri -x -d 'where users come back to; compared exactly'
complete -c oauth2ctl -n '__oauth2ctl_at "client update"' -l scope -x -a '(__oauth2ctl_names scope)' -d 'what it may ask for'
complete -c oauth2ctl -n '__oauth2ctl_at "client update"' -l default-scope -x -a '(__oauth2ctl_names scope)' -d 'what it gets when it asks for nothing'
complete -c oauth2ctl -n '__oauth2ctl_at "client update"' -l auth-method -x -a 'client_secret_basic client_secret_post none' -d 'client_secret_basic, client_secret_post, none'
complete -c oauth2ctl -n '__oauth2ctl_at "client update"' -l description -x -d 'shown to users when they are asked for consent'
complete -c oauth2ctl -n '__oauth2ctl_at "client update"' -l website -x -d 'its home page'
complete -c oauth2ctl -n '__oauth2ctl_at "client update"' -l owner -x -a '(__oauth2ctl_names user)' -d 'the user it belongs to'
complete -c oauth2ctl -n '__oauth2ctl_at "client update"' -l internal -d 'it may have internal scopes'
complete -c oauth2ctl -n '__oauth2ctl_at "client update"' -l no-internal -d 'not: it may have internal scopes'
complete -c oauth2ctl -n '__oauth2ctl_at "client update"' -l access-token-ttl -x -d 'how long its access tokens live; else as the server\'s setting says'
complete -c oauth2ctl -n '__oauth2ctl_at "client update"' -l refresh-token-ttl -x -d 'how long its refresh tokens live; else as the server\'s setting says'
complete -c oauth2ctl -n '__oauth2ctl_at "client update"' -l introspect -x -a 'any audience own' -d 'whose tokens it may look at: any, audience or own'
complete -c oauth2ctl -n '__oauth2ctl_at "client update"' -l access-token-format -x -a 'opaque jwt' -d 'opaque: only this server can read its access tokens; jwt: signed ones (RFC 9068)'
complete -c oauth2ctl -n '__oauth2ctl_at "client update"' -l signing-alg -x -a 'EdDSA ES256 RS256' -d 'EdDSA, ES256 or RS256: of its tokens, else the server\'s; of introspection for it, else RS256'
complete -c oauth2ctl -n '__oauth2ctl_at "client update"' -l resource -x -d 'an API that its tokens may be for, where it asks for that (RFC 8707)'
complete -c oauth2ctl -n '__oauth2ctl_at "client update"' -l audience -x -d 'an API that it is itself: it may introspect tokens that are for it'
complete -c oauth2ctl -n '__oauth2ctl_at "client update"' -l skip-consent -d 'first-party: users are not asked for consent'
complete -c oauth2ctl -n '__oauth2ctl_at "client update"' -l no-skip-consent -d 'not: first-party: users are not asked for consent'
complete -c oauth2ctl -n '__oauth2ctl_at "client update"' -l require-par -d 'only authorization requests that it pushed before count (RFC 9126)'
complete -c oauth2ctl -n '__oauth2ctl_at "client update"' -l no-require-par -d 'not: only authorization requests that it pushed before count (RFC 9126)'
complete -c oauth2ctl -n '__oauth2ctl_at "client update" 0' -a '(__oauth2ctl_names client)' -d ID
complete -c oauth2ctl -n '__oauth2ctl_at "client update"' -l output -s o -x -a 'table json jsonl csv env github value=client_id value=client_name value=description value=client_uri value=owner value=grant_types value=response_types value=redirect_uris value=scope value=default_scope value=token_endpoint_auth_method value=introspect value=internal value=skip_consent value=require_pushed_authorization_requests value=access_token_format value=signing_alg value=resources value=audiences value=access_token_ttl value=refresh_token_ttl value=disabled_at value=created_at value=changed'
complete -c oauth2ctl -n '__oauth2ctl_at "client enable" 0' -a '(__oauth2ctl_names client)' -d ID
complete -c oauth2ctl -n '__oauth2ctl_at "client enable"' -l output -s o -x -a 'table json jsonl csv env github value=client_id value=client_name value=description value=client_uri value=owner value=grant_types value=response_types value=redirect_uris value=scope value=default_scope value=token_endpoint_auth_method value=introspect value=internal value=skip_consent value=require_pushed_authorization_requests value=access_token_format value=signing_alg value=resources value=audiences value=access_token_ttl value=refresh_token_ttl value=disabled_at value=created_at value=changed'
complete -c oauth2ctl -n '__oauth2ctl_at "client disable" 0' -a '(__oauth2ctl_names client)' -d ID
complete -c oauth2ctl -n '__oauth2ctl_at "client disable"' -l output -s o -x -a 'table json jsonl csv env github value=client_id value=client_name value=description value=client_uri value=owner value=grant_types value=response_types value=redirect_uris value=scope value=default_scope value=token_endpoint_auth_method value=introspect value=internal value=skip_consent value=require_pushed_authorization_requests value=access_token_format value=signing_alg value=resources value=audiences value=access_token_ttl value=refresh_token_ttl value=disabled_at value=created_at value=changed'
complete -c oauth2ctl -n '__oauth2ctl_at "client delete" 0' -a '(__oauth2ctl_names client)' -d ID
complete -c oauth2ctl -n '__oauth2ctl_at "client delete"' -l output -s o -x -a 'table json jsonl csv env github value=client_id value=client_name value=description value=client_uri value=owner value=grant_types value=response_types value=redirect_uris value=scope value=default_scope value=token_endpoint_auth_method value=introspect value=internal value=skip_consent value=require_pushed_authorization_requests value=access_token_format value=signing_alg value=resources value=audiences value=access_token_ttl value=refresh_token_ttl value=disabled_at value=created_at value=changed'
complete -c oauth2ctl -n '__oauth2ctl_at "client secret add"' -l expires-in -x -d 'how long it is valid; else, or with never, for ever'
complete -c oauth2ctl -n '__oauth2ctl_at "client secret add"' -l secret-out -x -a 'file:' -d 'write it to a fresh file of mode 0600'
complete -c oauth2ctl -n '__oauth2ctl_at "client secret add" 0' -a '(__oauth2ctl_names client)' -d ID
complete -c oauth2ctl -n '__oauth2ctl_at "client secret add"' -l output -s o -x -a 'table json jsonl csv env github value=id value=client_id value=created_at value=expires_at value=client_secret value=client_secret_expires_at value=changed'
complete -c oauth2ctl -n '__oauth2ctl_at "client secret list" 0' -a '(__oauth2ctl_names client)' -d ID
complete -c oauth2ctl -n '__oauth2ctl_at "client secret list"' -l output -s o -x -a 'table json jsonl csv env github value=id value=client_id value=created_at value=expires_at'
complete -c oauth2ctl -n '__oauth2ctl_at "client secret revoke" 0' -a '(__oauth2ctl_names client)' -d ID
complete -c oauth2ctl -n '__oauth2ctl_at "client secret revoke"' -l output -s o -x -a 'table json jsonl csv env github value=id value=client_id value=created_at value=expires_at value=changed'
complete -c oauth2ctl -n '__oauth2ctl_at "client secret verify"' -l secret-from -x -a '- env: file:' -d '-, env:NAME or file:PATH; else asked for'
complete -c oauth2ctl -n '__oauth2ctl_at "client secret verify" 0' -a '(__oauth2ctl_names client)' -d ID
complete -c oauth2ctl -n '__oauth2ctl_at "client secret verify"' -l output -s o -x -a 'table json jsonl csv env github value=client_id value=active'
complete -c oauth2ctl -n '__oauth2ctl_at "client rotate-secret"' -l overlap -x -d 'how long the old ones stay valid; else they end now'
complete -c oauth2ctl -n '__oauth2ctl_at "client rotate-secret"' -l secret-out -x -a 'file:' -d 'write the new one to a fresh file of mode 0600'
complete -c oauth2ctl -n '__oauth2ctl_at "client rotate-secret" 0' -a '(__oauth2ctl_names client)' -d ID
complete -c oauth2ctl -n '__oauth2ctl_at "client rotate-secret"' -l output -s o -x -a 'table json jsonl csv env github value=id value=client_id value=created_at value=expires_at value=client_secret value=client_secret_expires_at value=changed'
complete -c oauth2ctl -n '__oauth2ctl_at "scope create"' -l description -x -d 'shown to users when they are asked for consent'
complete -c oauth2ctl -n '__oauth2ctl_at "scope create"' -l group -x -d 'scopes of one group stand together'
complete -c oauth2ctl -n '__oauth2ctl_at "scope create"' -l internal -d 'for internal clients only, never offered to users'
complete -c oauth2ctl -n '__oauth2ctl_at "scope create"' -l no-internal -d 'not: for internal clients only, never offered to users'
complete -c oauth2ctl -n '__oauth2ctl_at "scope create"' -l default -d 'for clients that are registered without any scope'
complete -c oauth2ctl -n '__oauth2ctl_at "scope create"' -l no-default -d 'not: for clients that are registered without any scope'
complete -c oauth2ctl -n '__oauth2ctl_at "scope create"' -l if-not-exists -d 'take one that is there as it is: changed is false then'
complete -c oauth2ctl -n '__oauth2ctl_at "scope create"' -l upsert -d 'make one that is there as asked; what is not named is left alone'
complete -c oauth2ctl -n '__oauth2ctl_at "scope create"' -l output -s o -x -a 'table json jsonl csv env github value=name value=description value=group value=internal value=default value=created_at value=changed'
complete -c oauth2ctl -n '__oauth2ctl_at "scope list"' -l output -s o -x -a 'table json jsonl csv env github value=name value=description value=group value=internal value=default value=created_at'
complete -c oauth2ctl -n '__oauth2ctl_at "scope show" 0' -a '(__oauth2ctl_names scope)' -d NAME
complete -c oauth2ctl -n '__oauth2ctl_at "scope show"' -l output -s o -x -a 'table json jsonl csv env github value=name value=description value=group value=internal value=default value=created_at'
complete -c oauth2ctl -n '__oauth2ctl_at "scope update"' -l description -x -d 'shown to users when they are asked for consent'
complete -c oauth2ctl -n '__oauth2ctl_at "scope update"' -l group -x -d 'scopes of one group stand together'
complete -c oauth2ctl -n '__oauth2ctl_at "scope update"' -l internal -d 'for internal clients only, never offered to users'
complete -c oauth2ctl -n '__oauth2ctl_at "scope update"' -l no-internal -d 'not: for internal clients only, never offered to users'
complete -c oauth2ctl -n '__oauth2ctl_at "scope update"' -l default -d 'for clients that are registered without any scope'
complete -c oauth2ctl -n '__oauth2ctl_at "scope update"' -l no-default -d 'not: for clients that are registered without any scope'
complete -c oauth2ctl -n '__oauth2ctl_at "scope update" 0' -a '(__oauth2ctl_names scope)' -d NAME
complete -c oauth2ctl -n '__oauth2ctl_at "scope update"' -l output -s o -x -a 'table json jsonl csv env github value=name value=description value=group value=internal value=default value=created_at value=changed'
complete -c oauth2ctl -n '__oauth2ctl_at "scope delete" 0' -a '(__oauth2ctl_names scope)' -d NAME
complete -c oauth2ctl -n '__oauth2ctl_at "scope delete"' -l output -s o -x -a 'table json jsonl csv env github value=name value=description value=group value=internal value=default value=created_at value=changed'
complete -c oauth2ctl -n '__oauth2ctl_at "user create"' -l email -x -d 'one may sign in with it too'
complete -c oauth2ctl -n '__oauth2ctl_at "user create"' -l email-verified -d 'the address is known to be the user\'s'
complete -c oauth2ctl -n '__oauth2ctl_at "user create"' -l no-email-verified -d 'not: the address is known to be the user\'s'
complete -c oauth2ctl -n '__oauth2ctl_at "user create"' -l name -x -d 'the full name'
complete -c oauth2ctl -n '__oauth2ctl_at "user create"' -l password-from -x -a '- env: file:' -d '-, env:NAME or file:PATH; else asked for'
complete -c oauth2ctl -n '__oauth2ctl_at "user create"' -l no-password -d 'no sign-in by password'
complete -c oauth2ctl -n '__oauth2ctl_at "user create"' -l if-not-exists -d 'take one that is there as it is: changed is false then'
complete -c oauth2ctl -n '__oauth2ctl_at "user create"' -l upsert -d 'make one that is there as asked; what is not named is left alone'
complete -c oauth2ctl -n '__oauth2ctl_at "user create"' -l output -s o -x -a 'table json jsonl csv env github value=id value=username value=name value=email value=email_verified value=disabled_at value=created_at value=changed'
complete -c oauth2ctl -n '__oauth2ctl_at "user list"' -l output -s o -x -a 'table json jsonl csv env github value=id value=username value=name value=email value=email_verified value=disabled_at value=created_at'
complete -c oauth2ctl -n '__oauth2ctl_at "user show" 0' -a '(__oauth2ctl_names user)' -d USER
complete -c oauth2ctl -n '__oauth2ctl_at "user show"' -l output -s o -x -a 'table json jsonl csv env github value=id value=username value=name value=email value=email_verified value=disabled_at value=created_at'
complete -c oauth2ctl -n '__oauth2ctl_at "user update"' -l username -x -d 'another username'
complete -c oauth2ctl -n '__oauth2ctl_at "user update"' -l email -x -d 'one may sign in with it too'
complete -c oauth2ctl -n '__oauth2ctl_at "user update"' -l email-verified -d 'the address is known to be the user\'s'
complete -c oauth2ctl -n '__oauth2ctl_at "user update"' -l no-email-verified -d 'not: the address is known to be the user\'s'
complete -c oauth2ctl -n '__oauth2ctl_at "user update"' -l name -x -d 'the full name'
complete -c oauth2ctl -n '__oauth2ctl_at "user update" 0' -a '(__oauth2ctl_names user)' -d USER
complete -c oauth2ctl -n '__oauth2ctl_at "user update"' -l output -s o -x -a 'table json jsonl csv env github value=id value=username value=name value=email value=email_verified value=disabled_at value=created_at value=changed'
complete -c oauth2ctl -n '__oauth2ctl_at "user set-password"' -l password-from -x -a '- env: file:' -d '-, env:NAME or file:PATH; else asked for'
complete -c oauth2ctl -n '__oauth2ctl_at "user set-password" 0' -a '(__oauth2ctl_names user)' -d USER
complete -c oauth2ctl -n '__oauth2ctl_at "user set-password"' -l output -s o -x -a 'table json jsonl csv env github value=id value=username value=name value=email value=email_verified value=disabled_at value=created_at value=changed'
complete -c oauth2ctl -n '__oauth2ctl_at "user reset-link"' -l expires-in -x -d 'how long the link works; else a day'
complete -c oauth2ctl -n '__oauth2ctl_at "user reset-link" 0' -a '(__oauth2ctl_names user)' -d USER
complete -c oauth2ctl -n '__oauth2ctl_at "user reset-link"' -l output -s o -x -a 'table json jsonl csv env github value=url value=expires_at value=user value=changed'
complete -c oauth2ctl -n '__oauth2ctl_at "user enable" 0' -a '(__oauth2ctl_names user)' -d USER
complete -c oauth2ctl -n '__oauth2ctl_at "user enable"' -l output -s o -x -a 'table json jsonl csv env github value=id value=username value=name value=email value=email_verified value=disabled_at value=created_at value=changed'
complete -c oauth2ctl -n '__oauth2ctl_at "user disable" 0' -a '(__oauth2ctl_names user)' -d USER
complete -c oauth2ctl -n '__oauth2ctl_at "user disable"' -l output -s o -x -a 'table json jsonl csv env github value=id value=username value=name value=email value=email_verified value=disabled_at value=created_at value=changed'
complete -c oauth2ctl -n '__oauth2ctl_at "user delete" 0' -a '(__oauth2ctl_names user)' -d USER
complete -c oauth2ctl -n '__oauth2ctl_at "user delete"' -l output -s o -x -a 'table json jsonl csv env github value=id value=username value=name value=email value=email_verified value=disabled_at value=created_at value=changed'
complete -c oauth2ctl -n '__oauth2ctl_at "token create"' -l user -x -a '(__oauth2ctl_names user)' -d 'whose it is'
complete -c oauth2ctl -n '__oauth2ctl_at "token create"' -l name -x -d 'unique among the user\'s tokens'
complete -c oauth2ctl -n '__oauth2ctl_at "token create"' -l scope -x -a '(__oauth2ctl_names scope)' -d 'what it may do'
complete -c oauth2ctl -n '__oauth2ctl_at "token create"' -l expires-in -x -d 'how long it is valid; else, or with never, for ever'
complete -c oauth2ctl -n '__oauth2ctl_at "token create"' -l internal -d 'not on the user\'s own pages; may have internal scopes'
complete -c oauth2ctl -n '__oauth2ctl_at "token create"' -l secret-out -x -a 'file:' -d 'write the token to a fresh file of mode 0600'
complete -c oauth2ctl -n '__oauth2ctl_at "token create"' -l if-not-exists -d 'take one that is there as it is: changed is false then'
complete -c oauth2ctl -n '__oauth2ctl_at "token create"' -l upsert -d 'make one that is there as asked; what is not named is left alone'
complete -c oauth2ctl -n '__oauth2ctl_at "token create"' -l output -s o -x -a 'table json jsonl csv env github value=id value=name value=kind value=user value=client_id value=scope value=created_at value=expires_at value=last_used_at value=revoked_at value=internal value=token value=changed'
complete -c oauth2ctl -n '__oauth2ctl_at "token list"' -l user -x -a '(__oauth2ctl_names user)' -d 'only this user\'s'
complete -c oauth2ctl -n '__oauth2ctl_at "token list"' -l client -x -a '(__oauth2ctl_names client)' -d 'only this client\'s'
complete -c oauth2ctl -n '__oauth2ctl_at "token list"' -l kind -x -a 'personal access refresh' -d 'personal, access or refresh'
complete -c oauth2ctl -n '__oauth2ctl_at "token list"' -l scope -x -a '(__oauth2ctl_names scope)' -d 'only those with this scope'
complete -c oauth2ctl -n '__oauth2ctl_at "token list"' -l expiring -x -d 'only those that end within this time'
complete -c oauth2ctl -n '__oauth2ctl_at "token list"' -l unused -x -d 'only those that were not used for this long'
complete -c oauth2ctl -n '__oauth2ctl_at "token list"' -l all -d 'revoked and expired ones too'
complete -c oauth2ctl -n '__oauth2ctl_at "token list"' -l output -s o -x -a 'table json jsonl csv env github value=id value=name value=kind value=user value=client_id value=scope value=created_at value=expires_at value=last_used_at value=revoked_at value=internal'
complete -c oauth2ctl -n '__oauth2ctl_at "token show" 0' -a '(__oauth2ctl_names token)' -d ID
complete -c oauth2ctl -n '__oauth2ctl_at "token show"' -l output -s o -x -a 'table json jsonl csv env github value=id value=name value=kind value=user value=client_id value=scope value=created_at value=expires_at value=last_used_at value=revoked_at value=internal'
complete -c oauth2ctl -n '__oauth2ctl_at "token update"' -l name -x -d 'another name'
complete -c oauth2ctl -n '__oauth2ctl_at "token update"' -l scope -x -a '(__oauth2ctl_names scope)' -d 'what it may do from now on'
complete -c oauth2ctl -n '__oauth2ctl_at "token update" 0' -a '(__oauth2ctl_names token)' -d ID
complete -c oauth2ctl -n '__oauth2ctl_at "token update"' -l output -s o -x -a 'table json jsonl csv env github value=id value=name value=kind value=user value=client_id value=scope value=created_at value=expires_at value=last_used_at value=revoked_at value=internal value=changed'
complete -c oauth2ctl -n '__oauth2ctl_at "token rotate"' -l overlap -x -d 'how long the old one stays valid; else it ends now'
complete -c oauth2ctl -n '__oauth2ctl_at "token rotate"' -l secret-out -x -a 'file:' -d 'write the token to a fresh file of mode 0600'
complete -c oauth2ctl -n '__oauth2ctl_at "token rotate" 0' -a '(__oauth2ctl_names token)' -d ID
complete -c oauth2ctl -n '__oauth2ctl_at "token rotate"' -l output -s o -x -a 'table json jsonl csv env github value=id value=name value=kind value=user value=client_id value=scope value=created_at value=expires_at value=last_used_at value=revoked_at value=internal value=token value=changed'
complete -c oauth2ctl -n '__oauth2ctl_at "token extend"' -l expires-in -x -d 'how long it is valid from now on, or never: for ever'
complete -c oauth2ctl -n '__oauth2ctl_at "token extend" 0' -a '(__oauth2ctl_names token)' -d ID
complete -c oauth2ctl -n '__oauth2ctl_at "token extend"' -l output -s o -x -a 'table json jsonl csv env github value=id value=name value=kind value=user value=client_id value=scope value=created_at value=expires_at value=last_used_at value=revoked_at value=internal value=changed'
complete -c oauth2ctl -n '__oauth2ctl_at "token revoke"' -l user -x -a '(__oauth2ctl_names user)' -d 'all of this user'
complete -c oauth2ctl -n '__oauth2ctl_at "token revoke"' -l client -x -a '(__oauth2ctl_names client)' -d 'all of this client'
complete -c oauth2ctl -n '__oauth2ctl_at "token revoke"' -l scope -x -a '(__oauth2ctl_names scope)' -d 'all with this scope'
complete -c oauth2ctl -n '__oauth2ctl_at "token revoke"' -l before -x -d 'all made before: RFC 3339 or a duration ago'
complete -c oauth2ctl -n '__oauth2ctl_at "token revoke"' -l leaked -r -F -d 'the raw tokens in this file, or -, one a line'
complete -c oauth2ctl -n '__oauth2ctl_at "token revoke"' -a '(__oauth2ctl_names token)' -d ID
complete -c oauth2ctl -n '__oauth2ctl_at "token revoke"' -l output -s o -x -a 'table json jsonl csv env github value=line value=id value=name value=kind value=user value=client_id value=scope value=created_at value=expires_at value=last_used_at value=revoked_at value=internal value=changed'
complete -c oauth2ctl -n '__oauth2ctl_at "token verify"' -l scope -x -a '(__oauth2ctl_names scope)' -d 'words that it must all have; of several --scope one is enough'
complete -c oauth2ctl -n '__oauth2ctl_at "token verify"' -l audience -x -d 'the API that it must be meant for (RFC 8707)'
complete -c oauth2ctl -n '__oauth2ctl_at "token verify"' -l token-from -x -a '- env: file:' -d '-, env:NAME or file:PATH; else asked for'
complete -c oauth2ctl -n '__oauth2ctl_at "token verify"' -l output -s o -x -a 'table json jsonl csv env github value=active value=scope value=client_id value=username value=sub value=aud value=iss value=exp value=iat value=jti value=token_type value=token_kind'
complete -c oauth2ctl -n '__oauth2ctl_at "token inspect"' -l token-from -x -a '- env: file:' -d '-, env:NAME or file:PATH; else asked for'
complete -c oauth2ctl -n '__oauth2ctl_at "token inspect"' -l output -s o -x -a 'table json jsonl csv env github value=prefix value=kind value=checksum value=header value=claims'
complete -c oauth2ctl -n '__oauth2ctl_at "grant list"' -l user -x -a '(__oauth2ctl_names user)' -d 'only what this user allowed'
complete -c oauth2ctl -n '__oauth2ctl_at "grant list"' -l client -x -a '(__oauth2ctl_names client)' -d 'only what this client was allowed'
complete -c oauth2ctl -n '__oauth2ctl_at "grant list"' -l output -s o -x -a 'table json jsonl csv env github value=id value=user value=client value=client_id value=scope value=created_at value=updated_at value=tokens'
complete -c oauth2ctl -n '__oauth2ctl_at "grant show" 0' -a '(__oauth2ctl_names grant)' -d ID
complete -c oauth2ctl -n '__oauth2ctl_at "grant show"' -l output -s o -x -a 'table json jsonl csv env github value=id value=user value=client value=client_id value=scope value=created_at value=updated_at value=tokens'
complete -c oauth2ctl -n '__oauth2ctl_at "grant revoke"' -l user -x -a '(__oauth2ctl_names user)' -d 'all that this user allowed'
complete -c oauth2ctl -n '__oauth2ctl_at "grant revoke"' -l client -x -a '(__oauth2ctl_names client)' -d 'all that this client was allowed'
complete -c oauth2ctl -n '__oauth2ctl_at "grant revoke" 0' -a '(__oauth2ctl_names grant)' -d ID
complete -c oauth2ctl -n '__oauth2ctl_at "grant revoke"' -l output -s o -x -a 'table json jsonl csv env github value=id value=user value=client value=client_id value=scope value=created_at value=updated_at value=tokens value=changed'
complete -c oauth2ctl -n '__oauth2ctl_at "session list"' -l user -x -a '(__oauth2ctl_names user)' -d 'only this user\'s'
complete -c oauth2ctl -n '__oauth2ctl_at "session list"' -l all -d 'revoked and expired ones, and browsers where nobody signed in, too'
complete -c oauth2ctl -n '__oauth2ctl_at "session list"' -l output -s o -x -a 'table json jsonl csv env github value=id value=user value=remember value=address value=user_agent value=created_at value=last_seen_at value=expires_at value=revoked_at'
complete -c oauth2ctl -n '__oauth2ctl_at "session revoke"' -l user -x -a '(__oauth2ctl_names user)' -d 'all of this user'
complete -c oauth2ctl -n '__oauth2ctl_at "session revoke" 0' -a '(__oauth2ctl_names session)' -d ID
complete -c oauth2ctl -n '__oauth2ctl_at "session revoke"' -l output -s o -x -a 'table json jsonl csv env github value=id value=user value=remember value=address value=user_agent value=created_at value=last_seen_at value=expires_at value=revoked_at value=changed'
complete -c oauth2ctl -n '__oauth2ctl_at "key list"' -l output -s o -x -a 'table json jsonl csv env github value=kid value=algorithm value=status value=created_at value=retired_at value=expires_at value=sealed value=default'
complete -c oauth2ctl -n '__oauth2ctl_at "key rotate"' -l alg -x -a 'EdDSA ES256 RS256' -d 'EdDSA, ES256 or RS256: what tokens are signed with from now on; else as before'
complete -c oauth2ctl -n '__oauth2ctl_at "key rotate"' -l overlap -x -d 'how long the old key stays published; else until what it signed has expired'
complete -c oauth2ctl -n '__oauth2ctl_at "key rotate"' -l output -s o -x -a 'table json jsonl csv env github value=kid value=algorithm value=status value=created_at value=retired_at value=expires_at value=sealed value=changed'
complete -c oauth2ctl -n '__oauth2ctl_at "key retire" 0' -a '(__oauth2ctl_names key)' -d KID
complete -c oauth2ctl -n '__oauth2ctl_at "key retire"' -l output -s o -x -a 'table json jsonl csv env github value=kid value=algorithm value=status value=created_at value=retired_at value=expires_at value=sealed value=revoked_tokens value=changed'
complete -c oauth2ctl -n '__oauth2ctl_at "key export"' -l public -d 'what everybody may have: the JWK Set of /oauth/jwks, or of KID alone'
complete -c oauth2ctl -n '__oauth2ctl_at "key export"' -l pem -d 'with --public: one key as PEM, for programs that want a file'
complete -c oauth2ctl -n '__oauth2ctl_at "key export" 0' -a '(__oauth2ctl_names key)' -d KID
complete -c oauth2ctl -n '__oauth2ctl_at "key export"' -l output -s o -x -a 'table json jsonl csv env github'
complete -c oauth2ctl -n '__oauth2ctl_at "key rewrap"' -l old-key-from -x -a '- env: file:' -d 'the server\'s key of before, where it was changed: -, env:NAME or file:PATH'
complete -c oauth2ctl -n '__oauth2ctl_at "key rewrap"' -l output -s o -x -a 'table json jsonl csv env github value=kid value=algorithm value=status value=created_at value=retired_at value=expires_at value=sealed value=changed'
complete -c oauth2ctl -n '__oauth2ctl_at "provider create"' -l preset -x -a 'github orcid orcid-sandbox google gitlab keycloak cern globus oidc oauth2 oauth1' -d 'which service it is, see above'
complete -c oauth2ctl -n '__oauth2ctl_at "provider create"' -l client-id -x -d 'the client id that this server was given there'
complete -c oauth2ctl -n '__oauth2ctl_at "provider create"' -l secret-from -x -a '- env: file:' -d 'the secret that it was given, of any length: -, env:NAME or file:PATH; else asked for'
complete -c oauth2ctl -n '__oauth2ctl_at "provider create"' -l issuer -x -d 'its issuer: where OpenID Connect discovery begins'
complete -c oauth2ctl -n '__oauth2ctl_at "provider create"' -l authorize-url -x -d 'where people are sent to sign in'
complete -c oauth2ctl -n '__oauth2ctl_at "provider create"' -l token-url -x -d 'where a code becomes a token'
complete -c oauth2ctl -n '__oauth2ctl_at "provider create"' -l userinfo-url -x -d 'where it says who signed in'
complete -c oauth2ctl -n '__oauth2ctl_at "provider create"' -l emails-url -x -d 'github: where the list of e-mail addresses is; else the userinfo URL + /emails'
complete -c oauth2ctl -n '__oauth2ctl_at "provider create"' -l request-token-url -x -d 'oauth1: where temporary credentials come from'
complete -c oauth2ctl -n '__oauth2ctl_at "provider create"' -l signature-method -x -a 'HMAC-SHA1 PLAINTEXT' -d 'oauth1: HMAC-SHA1, or PLAINTEXT over https'
complete -c oauth2ctl -n '__oauth2ctl_at "provider create"' -l scope -x -d 'what to ask for there, in the place of what the preset says'
complete -c oauth2ctl -n '__oauth2ctl_at "provider create"' -l title -x -d 'on its button'
complete -c oauth2ctl -n '__oauth2ctl_at "provider create"' -l description -x -d 'under its name on the page of linked accounts'
complete -c oauth2ctl -n '__oauth2ctl_at "provider create"' -l icon -r -F -d 'PNG, SVG, ICO or WebP of 32 kB or less; "" takes it away'
complete -c oauth2ctl -n '__oauth2ctl_at "provider create"' -l hidden -d 'no button, and nobody can sign in with it'
complete -c oauth2ctl -n '__oauth2ctl_at "provider create"' -l no-hidden -d 'not: no button, and nobody can sign in with it'
complete -c oauth2ctl -n '__oauth2ctl_at "provider create"' -l link-only -d 'people who are signed in link an account for its tokens; nobody signs in with it'
complete -c oauth2ctl -n '__oauth2ctl_at "provider create"' -l no-link-only -d 'not: people who are signed in link an account for its tokens; nobody signs in with it'
complete -c oauth2ctl -n '__oauth2ctl_at "provider create"' -l signup -x -a 'auto ask off' -d 'who is new becomes a user at once (auto, the default), after a form (ask), or not (off)'
complete -c oauth2ctl -n '__oauth2ctl_at "provider create"' -l trust-email -d 'an e-mail that it verified signs in the user here who has it'
complete -c oauth2ctl -n '__oauth2ctl_at "provider create"' -l no-trust-email -d 'not: an e-mail that it verified signs in the user here who has it'
complete -c oauth2ctl -n '__oauth2ctl_at "provider create"' -l if-not-exists -d 'take one that is there as it is: changed is false then'
complete -c oauth2ctl -n '__oauth2ctl_at "provider create"' -l upsert -d 'make one that is there as asked; what is not named is left alone'
complete -c oauth2ctl -n '__oauth2ctl_at "provider create"' -l output -s o -x -a 'table json jsonl csv env github value=name value=preset value=title value=description value=icon value=client_id value=issuer value=authorize_url value=token_url value=userinfo_url value=emails_url value=request_token_url value=signature_method value=scope value=hidden value=link_only value=signup value=trust_email value=disabled_at value=created_at value=redirect_uri value=changed'
complete -c oauth2ctl -n '__oauth2ctl_at "provider list"' -l output -s o -x -a 'table json jsonl csv env github value=name value=preset value=title value=description value=icon value=client_id value=issuer value=authorize_url value=token_url value=userinfo_url value=emails_url value=request_token_url value=signature_method value=scope value=hidden value=link_only value=signup value=trust_email value=disabled_at value=created_at value=redirect_uri'
complete -c oauth2ctl -n '__oauth2ctl_at "provider show" 0' -a '(__oauth2ctl_names provider)' -d NAME
complete -c oauth2ctl -n '__oauth2ctl_at "provider show"' -l output -s o -x -a 'table json jsonl csv env github value=name value=preset value=title value=description value=icon value=client_id value=issuer value=authorize_url value=token_url value=userinfo_url value=emails_url value=request_token_url value=signature_method value=scope value=hidden value=link_only value=signup value=trust_email value=disabled_at value=created_at value=redirect_uri'
complete -c oauth2ctl -n '__oauth2ctl_at "provider update"' -l client-id -x -d 'the client id that this server was given there'
complete -c oauth2ctl -n '__oauth2ctl_at "provider update"' -l secret-from -x -a '- env: file:' -d 'the secret that it was given, of any length: -, env:NAME or file:PATH; else asked for'
complete -c oauth2ctl -n '__oauth2ctl_at "provider update"' -l issuer -x -d 'its issuer: where OpenID Connect discovery begins'
complete -c oauth2ctl -n '__oauth2ctl_at "provider update"' -l authorize-url -x -d 'where people are sent to sign in'
complete -c oauth2ctl -n '__oauth2ctl_at "provider update"' -l token-url -x -d 'where a code becomes a token'
complete -c oauth2ctl -n '__oauth2ctl_at "provider update"' -l userinfo-url -x -d 'where it says who signed in'
complete -c oauth2ctl -n '__oauth2ctl_at "provider update"' -l emails-url -x -d 'github: where the list of e-mail addresses is; else the userinfo URL + /emails'
complete -c oauth2ctl -n '__oauth2ctl_at "provider update"' -l request-token-url -x -d 'oauth1: where temporary credentials come from'
complete -c oauth2ctl -n '__oauth2ctl_at "provider update"' -l signature-method -x -a 'HMAC-SHA1 PLAINTEXT' -d 'oauth1: HMAC-SHA1, or PLAINTEXT over https'
complete -c oauth2ctl -n '__oauth2ctl_at "provider update"' -l scope -x -d 'what to ask for there, in the place of what the preset says'
complete -c oauth2ctl -n '__oauth2ctl_at "provider update"' -l title -x -d 'on its button'
complete -c oauth2ctl -n '__oauth2ctl_at "provider update"' -l description -x -d 'under its name on the page of linked accounts'
complete -c oauth2ctl -n '__oauth2ctl_at "provider update"' -l icon -r -F -d 'PNG, SVG, ICO or WebP of 32 kB or less; "" takes it away'
complete -c oauth2ctl -n '__oauth2ctl_at "provider update"' -l hidden -d 'no button, and nobody can sign in with it'
complete -c oauth2ctl -n '__oauth2ctl_at "provider update"' -l no-hidden -d 'not: no button, and nobody can sign in with it'
complete -c oauth2ctl -n '__oauth2ctl_at "provider update"' -l link-only -d 'people who are signed in link an account for its tokens; nobody signs in with it'
complete -c oauth2ctl -n '__oauth2ctl_at "provider update"' -l no-link-only -d 'not: people who are signed in link an account for its tokens; nobody signs in with it'
complete -c oauth2ctl -n '__oauth2ctl_at "provider update"' -l signup -x -a 'auto ask off' -d 'who is new becomes a user at once (auto, the default), after a form (ask), or not (off)'
complete -c oauth2ctl -n '__oauth2ctl_at "provider update"' -l trust-email -d 'an e-mail that it verified signs in the user here who has it'
complete -c oauth2ctl -n '__oauth2ctl_at "provider update"' -l no-trust-email -d 'not: an e-mail that it verified signs in the user here who has it'
complete -c oauth2ctl -n '__oauth2ctl_at "provider update" 0' -a '(__oauth2ctl_names provider)' -d NAME
complete -c oauth2ctl -n '__oauth2ctl_at "provider update"' -l output -s o -x -a 'table json jsonl csv env github value=name value=preset value=title value=description value=icon value=client_id value=issuer value=authorize_url value=token_url value=userinfo_url value=emails_url value=request_token_url value=signature_method value=scope value=hidden value=link_only value=signup value=trust_email value=disabled_at value=created_at value=redirect_uri value=changed'
complete -c oauth2ctl -n '__oauth2ctl_at "provider enable" 0' -a '(__oauth2ctl_names provider)' -d NAME
complete -c oauth2ctl -n '__oauth2ctl_at "provider enable"' -l output -s o -x -a 'table json jsonl csv env github value=name value=preset value=title value=description value=icon value=client_id value=issuer value=authorize_url value=token_url value=userinfo_url value=emails_url value=request_token_url value=signature_method value=scope value=hidden value=link_only value=signup value=trust_email value=disabled_at value=created_at value=redirect_uri value=changed'
complete -c oauth2ctl -n '__oauth2ctl_at "provider disable" 0' -a '(__oauth2ctl_names provider)' -d NAME
complete -c oauth2ctl -n '__oauth2ctl_at "provider disable"' -l output -s o -x -a 'table json jsonl csv env github value=name value=preset value=title value=description value=icon value=client_id value=issuer value=authorize_url value=token_url value=userinfo_url value=emails_url value=request_token_url value=signature_method value=scope value=hidden value=link_only value=signup value=trust_email value=disabled_at value=created_at value=redirect_uri value=changed'
complete -c oauth2ctl -n '__oauth2ctl_at "provider delete" 0' -a '(__oauth2ctl_names provider)' -d NAME
complete -c oauth2ctl -n '__oauth2ctl_at "provider delete"' -l output -s o -x -a 'table json jsonl csv env github value=name value=preset value=title value=description value=icon value=client_id value=issuer value=authorize_url value=token_url value=userinfo_url value=emails_url value=request_token_url value=signature_method value=scope value=hidden value=link_only value=signup value=trust_email value=disabled_at value=created_at value=redirect_uri value=changed'
complete -c oauth2ctl -n '__oauth2ctl_at "account list"' -l user -x -a '(__oauth2ctl_names user)' -d 'only this user\'s'
complete -c oauth2ctl -n '__oauth2ctl_at "account list"' -l provider -x -a '(__oauth2ctl_names provider)' -d 'only those at this provider'
complete -c oauth2ctl -n '__oauth2ctl_at "account list"' -l output -s o -x -a 'table json jsonl csv env github value=id value=provider value=user value=subject value=username value=email value=has_token value=expires_at value=created_at value=last_used_at'
complete -c oauth2ctl -n '__oauth2ctl_at "account unlink" 0' -a '(__oauth2ctl_names account)' -d ID
complete -c oauth2ctl -n '__oauth2ctl_at "account unlink"' -l output -s o -x -a 'table json jsonl csv env github value=id value=provider value=user value=subject value=username value=email value=has_token value=expires_at value=created_at value=last_used_at value=changed'
complete -c oauth2ctl -n '__oauth2ctl_at "account token" 0' -a '(__oauth2ctl_names account)' -d ID
complete -c oauth2ctl -n '__oauth2ctl_at "account token"' -l output -s o -x -a 'table json jsonl csv env github value=id value=provider value=user value=scope value=expires_at value=access_token value=token_secret value=changed'
complete -c oauth2ctl -n '__oauth2ctl_at "explain authorize"' -l client -x -a '(__oauth2ctl_names client)' -d 'the client that asks'
complete -c oauth2ctl -n '__oauth2ctl_at "explain authorize"' -l scope -x -a '(__oauth2ctl_names scope)' -d 'what it asks for; else nothing is said of it'
complete -c oauth2ctl -n '__oauth2ctl_at "explain authorize"' -l resource -x -d 'the API that it asks for (RFC 8707)'
complete -c oauth2ctl -n '__oauth2ctl_at "explain authorize"' -l redirect-uri -x -d 'where it wants the answer'
complete -c oauth2ctl -n '__oauth2ctl_at "explain authorize"' -l response-type -x -a 'code token' -d 'code or token'
complete -c oauth2ctl -n '__oauth2ctl_at "explain authorize"' -l response-mode -x -a 'query fragment' -d 'query or fragment'
complete -c oauth2ctl -n '__oauth2ctl_at "explain authorize"' -l state -x -d 'what it wants back'
complete -c oauth2ctl -n '__oauth2ctl_at "explain authorize"' -l code-challenge -x -d 'of PKCE (RFC 7636)'
complete -c oauth2ctl -n '__oauth2ctl_at "explain authorize"' -l code-challenge-method -x -a 'S256' -d 'S256'
complete -c oauth2ctl -n '__oauth2ctl_at "explain authorize"' -l pushed -d 'as if the client had pushed it (RFC 9126)'
complete -c oauth2ctl -n '__oauth2ctl_at "explain authorize"' -l url -x -d 'the whole request as the browser sends it, instead of the other flags'
complete -c oauth2ctl -n '__oauth2ctl_at "explain authorize"' -l output -s o -x -a 'table json jsonl csv env github value=check value=result value=error value=detail value=comparison'
complete -c oauth2ctl -n '__oauth2ctl_at "explain token"' -l client -x -a '(__oauth2ctl_names client)' -d 'the client that asks'
complete -c oauth2ctl -n '__oauth2ctl_at "explain token"' -l scope -x -a '(__oauth2ctl_names scope)' -d 'what it asks for; else nothing is said of it'
complete -c oauth2ctl -n '__oauth2ctl_at "explain token"' -l resource -x -d 'the API that it asks for (RFC 8707)'
complete -c oauth2ctl -n '__oauth2ctl_at "explain token"' -l grant -x -a 'authorization_code implicit refresh_token client_credentials password device_code' -d 'the grant_type'
complete -c oauth2ctl -n '__oauth2ctl_at "explain token"' -l auth-method -x -a 'client_secret_basic client_secret_post none' -d 'how it authenticates; else as it is registered for'
complete -c oauth2ctl -n '__oauth2ctl_at "explain token"' -l output -s o -x -a 'table json jsonl csv env github value=check value=result value=error value=detail value=comparison'
complete -c oauth2ctl -n '__oauth2ctl_at "flow client-credentials"' -l issuer -x -d 'the server; else the setting \'issuer\', else what \'init\' stored'
complete -c oauth2ctl -n '__oauth2ctl_at "flow client-credentials"' -l client-id -x -a '(__oauth2ctl_names client)' -d 'who asks; else OAUTH2_CLIENT_ID'
complete -c oauth2ctl -n '__oauth2ctl_at "flow client-credentials"' -l client -x -a '(__oauth2ctl_names client)' -d 'the same as --client-id'
complete -c oauth2ctl -n '__oauth2ctl_at "flow client-credentials"' -l secret-from -x -a '- env: file:' -d 'its secret: -, env:NAME or file:PATH; else OAUTH2_CLIENT_SECRET; else none, a public client'
complete -c oauth2ctl -n '__oauth2ctl_at "flow client-credentials"' -l auth-method -x -a 'client_secret_basic client_secret_post none' -d 'client_secret_basic, client_secret_post or none; else what fits'
complete -c oauth2ctl -n '__oauth2ctl_at "flow client-credentials"' -l scope -x -a '(__oauth2ctl_names scope)' -d 'what to ask for'
complete -c oauth2ctl -n '__oauth2ctl_at "flow client-credentials"' -l resource -x -d 'for which API the token is (RFC 8707)'
complete -c oauth2ctl -n '__oauth2ctl_at "flow client-credentials"' -l ca-file -r -F -d 'certificates (PEM) to trust instead of the system\'s'
complete -c oauth2ctl -n '__oauth2ctl_at "flow client-credentials"' -l header -d 'print only \'Authorization: Bearer TOKEN\', as curl -H takes it'
complete -c oauth2ctl -n '__oauth2ctl_at "flow client-credentials"' -l bare -d 'print only the access token'
complete -c oauth2ctl -n '__oauth2ctl_at "flow client-credentials"' -l output -s o -x -a 'table json jsonl csv env github value=access_token value=token_type value=expires_in value=refresh_token value=scope value=id_token'
complete -c oauth2ctl -n '__oauth2ctl_at "flow code"' -l issuer -x -d 'the server; else the setting \'issuer\', else what \'init\' stored'
complete -c oauth2ctl -n '__oauth2ctl_at "flow code"' -l client-id -x -a '(__oauth2ctl_names client)' -d 'who asks; else OAUTH2_CLIENT_ID'
complete -c oauth2ctl -n '__oauth2ctl_at "flow code"' -l client -x -a '(__oauth2ctl_names client)' -d 'the same as --client-id'
complete -c oauth2ctl -n '__oauth2ctl_at "flow code"' -l secret-from -x -a '- env: file:' -d 'its secret: -, env:NAME or file:PATH; else OAUTH2_CLIENT_SECRET; else none, a public client'
complete -c oauth2ctl -n '__oauth2ctl_at "flow code"' -l auth-method -x -a 'client_secret_basic client_secret_post none' -d 'client_secret_basic, client_secret_post or none; else what fits'
complete -c oauth2ctl -n '__oauth2ctl_at "flow code"' -l scope -x -a '(__oauth2ctl_names scope)' -d 'what to ask for'
complete -c oauth2ctl -n '__oauth2ctl_at "flow code"' -l resource -x -d 'for which API the token is (RFC 8707)'
complete -c oauth2ctl -n '__oauth2ctl_at "flow code"' -l ca-file -r -F -d 'certificates (PEM) to trust instead of the system\'s'
complete -c oauth2ctl -n '__oauth2ctl_at "flow code"' -l header -d 'print only \'Authorization: Bearer TOKEN\', as curl -H takes it'
complete -c oauth2ctl -n '__oauth2ctl_at "flow code"' -l bare -d 'print only the access token'
complete -c oauth2ctl -n '__oauth2ctl_at "flow code"' -l redirect-uri -x -d 'where the browser brings the answer; else http://127.0.0.1:PORT/callback'
complete -c oauth2ctl -n '__oauth2ctl_at "flow code"' -l port -x -d 'the port to listen on; else any that is free'
complete -c oauth2ctl -n '__oauth2ctl_at "flow code"' -l timeout -x -d 'how long to wait for the browser; else 5m'
complete -c oauth2ctl -n '__oauth2ctl_at "flow code"' -l par -d 'push the request first (RFC 9126), also where the server does not insist'
complete -c oauth2ctl -n '__oauth2ctl_at "flow code"' -l open -d 'open the browser with xdg-open'
complete -c oauth2ctl -n '__oauth2ctl_at "flow code"' -l output -s o -x -a 'table json jsonl csv env github value=access_token value=token_type value=expires_in value=refresh_token value=scope value=id_token'
complete -c oauth2ctl -n '__oauth2ctl_at "flow device"' -l issuer -x -d 'the server; else the setting \'issuer\', else what \'init\' stored'
complete -c oauth2ctl -n '__oauth2ctl_at "flow device"' -l client-id -x -a '(__oauth2ctl_names client)' -d 'who asks; else OAUTH2_CLIENT_ID'
complete -c oauth2ctl -n '__oauth2ctl_at "flow device"' -l client -x -a '(__oauth2ctl_names client)' -d 'the same as --client-id'
complete -c oauth2ctl -n '__oauth2ctl_at "flow device"' -l secret-from -x -a '- env: file:' -d 'its secret: -, env:NAME or file:PATH; else OAUTH2_CLIENT_SECRET; else none, a public client'
complete -c oauth2ctl -n '__oauth2ctl_at "flow device"' -l auth-method -x -a 'client_secret_basic client_secret_post none' -d 'client_secret_basic, client_secret_post or none; else what fits'
complete -c oauth2ctl -n '__oauth2ctl_at "flow device"' -l scope -x -a '(__oauth2ctl_names scope)' -d 'what to ask for'
complete -c oauth2ctl -n '__oauth2ctl_at "flow device"' -l resource -x -d 'for which API the token is (RFC 8707)'
complete -c oauth2ctl -n '__oauth2ctl_at "flow device"' -l ca-file -r -F -d 'certificates (PEM) to trust instead of the system\'s'
complete -c oauth2ctl -n '__oauth2ctl_at "flow device"' -l header -d 'print only \'Authorization: Bearer TOKEN\', as curl -H takes it'
complete -c oauth2ctl -n '__oauth2ctl_at "flow device"' -l bare -d 'print only the access token'
complete -c oauth2ctl -n '__oauth2ctl_at "flow device"' -l output -s o -x -a 'table json jsonl csv env github value=access_token value=token_type value=expires_in value=refresh_token value=scope value=id_token'
complete -c oauth2ctl -n '__oauth2ctl_at "flow refresh"' -l issuer -x -d 'the server; else the setting \'issuer\', else what \'init\' stored'
complete -c oauth2ctl -n '__oauth2ctl_at "flow refresh"' -l client-id -x -a '(__oauth2ctl_names client)' -d 'who asks; else OAUTH2_CLIENT_ID'
complete -c oauth2ctl -n '__oauth2ctl_at "flow refresh"' -l client -x -a '(__oauth2ctl_names client)' -d 'the same as --client-id'
complete -c oauth2ctl -n '__oauth2ctl_at "flow refresh"' -l secret-from -x -a '- env: file:' -d 'its secret: -, env:NAME or file:PATH; else OAUTH2_CLIENT_SECRET; else none, a public client'
complete -c oauth2ctl -n '__oauth2ctl_at "flow refresh"' -l auth-method -x -a 'client_secret_basic client_secret_post none' -d 'client_secret_basic, client_secret_post or none; else what fits'
complete -c oauth2ctl -n '__oauth2ctl_at "flow refresh"' -l scope -x -a '(__oauth2ctl_names scope)' -d 'what to ask for'
complete -c oauth2ctl -n '__oauth2ctl_at "flow refresh"' -l resource -x -d 'for which API the token is (RFC 8707)'
complete -c oauth2ctl -n '__oauth2ctl_at "flow refresh"' -l ca-file -r -F -d 'certificates (PEM) to trust instead of the system\'s'
complete -c oauth2ctl -n '__oauth2ctl_at "flow refresh"' -l header -d 'print only \'Authorization: Bearer TOKEN\', as curl -H takes it'
complete -c oauth2ctl -n '__oauth2ctl_at "flow refresh"' -l bare -d 'print only the access token'
complete -c oauth2ctl -n '__oauth2ctl_at "flow refresh"' -l refresh-token-from -x -a '- env: file:' -d '-, env:NAME or file:PATH; else asked for'
complete -c oauth2ctl -n '__oauth2ctl_at "flow refresh"' -l output -s o -x -a 'table json jsonl csv env github value=access_token value=token_type value=expires_in value=refresh_token value=scope value=id_token'
complete -c oauth2ctl -n '__oauth2ctl_at "audit list"' -l since -x -d 'only what is newer: a duration ago or RFC 3339'
complete -c oauth2ctl -n '__oauth2ctl_at "audit list"' -l actor -x -d 'only what this one did: os:root, or root'
complete -c oauth2ctl -n '__oauth2ctl_at "audit list"' -l object -x -d 'only what was done to it: client:ID, user:ID, token:ID …'
complete -c oauth2ctl -n '__oauth2ctl_at "audit list"' -l follow -d 'go on printing what comes, until interrupted'
complete -c oauth2ctl -n '__oauth2ctl_at "audit list"' -l output -s o -x -a 'table json jsonl csv env github value=id value=created_at value=actor value=action value=object value=reason value=address value=request_id'
complete -c oauth2ctl -n '__oauth2ctl_at "db migrate"' -l output -s o -x -a 'table json jsonl csv env github value=db value=schema_version value=applied value=changed'
complete -c oauth2ctl -n '__oauth2ctl_at "db status"' -l output -s o -x -a 'table json jsonl csv env github value=db value=engine value=path value=size value=journal_mode value=schema_version value=newest_version value=pending value=read_only'
complete -c oauth2ctl -n '__oauth2ctl_at "db check"' -l output -s o -x -a 'table json jsonl csv env github value=problem'
complete -c oauth2ctl -n '__oauth2ctl_at "db prune"' -l older -x -d 'dead for longer than this; else the setting prune.after'
complete -c oauth2ctl -n '__oauth2ctl_at "db prune"' -l output -s o -x -a 'table json jsonl csv env github value=table value=rows value=changed'
complete -c oauth2ctl -n '__oauth2ctl_at "db copy"' -l from -r -F -d 'the database to copy, on the newest schema; or env:NAME, file:PATH with its URL'
complete -c oauth2ctl -n '__oauth2ctl_at "db copy"' -l to -r -F -d 'where to, likewise: made if it is missing, else it must be empty'
complete -c oauth2ctl -n '__oauth2ctl_at "db copy"' -l output -s o -x -a 'table json jsonl csv env github value=table value=rows value=changed'
complete -c oauth2ctl -n '__oauth2ctl_at "config show"' -l output -s o -x -a 'table json jsonl csv env github value=name value=value value=source'
complete -c oauth2ctl -n '__oauth2ctl_at "config check"' -l output -s o -x -a 'table json jsonl csv env github value=problem'
complete -c oauth2ctl -n '__oauth2ctl_at "completion bash"' -l output -s o -x -a 'table json jsonl csv env github'
complete -c oauth2ctl -n '__oauth2ctl_at "completion zsh"' -l output -s o -x -a 'table json jsonl csv env github'
complete -c oauth2ctl -n '__oauth2ctl_at "completion fish"' -l output -s o -x -a 'table json jsonl csv env github'
complete -c oauth2ctl -n '__oauth2ctl_at "version"' -l output -s o -x -a 'table json jsonl csv env github value=name value=version value=schema_version'
