# bash completion for oauth2ctl
# Written by oauth2-docs from the table of commands; changes here are lost.

_oauth2ctl_commands() {
  case $1 in
    '') echo 'init client scope user token grant session key provider account explain flow audit db config completion version pat' ;;
    'client') echo 'create list show update enable disable delete secret rotate-secret' ;;
    'client secret') echo 'add list revoke verify' ;;
    'scope') echo 'create list show update delete' ;;
    'user') echo 'create list show update set-password reset-link enable disable delete' ;;
    'token') echo 'create list show update rotate extend revoke verify inspect' ;;
    'grant') echo 'list show revoke' ;;
    'session') echo 'list revoke' ;;
    'key') echo 'list rotate retire export rewrap' ;;
    'provider') echo 'create list show update enable disable delete' ;;
    'account') echo 'list unlink token' ;;
    'explain') echo 'authorize token' ;;
    'flow') echo 'client-credentials code device refresh' ;;
    'audit') echo 'list' ;;
    'db') echo 'migrate status check prune copy' ;;
    'config') echo 'show check' ;;
    'completion') echo 'bash zsh fish' ;;
  esac
}

_oauth2ctl_flags() {
  case $1 in
    '*') echo '--db --config --output --quiet --yes --no-input --dry-run --color --reason --as --help' ;;
    'init') echo '--issuer --if-not-exists' ;;
    'client create') echo '--id --public --no-public --grant --response-type --redirect-uri --scope --default-scope --auth-method --description --website --owner --internal --no-internal --access-token-ttl --refresh-token-ttl --introspect --access-token-format --signing-alg --resource --audience --skip-consent --no-skip-consent --require-par --no-require-par --secret-from --secret-out --if-not-exists --upsert' ;;
    'client list') echo '--owner --grant --disabled' ;;
    'client update') echo '--name --public --no-public --grant --response-type --redirect-uri --scope --default-scope --auth-method --description --website --owner --internal --no-internal --access-token-ttl --refresh-token-ttl --introspect --access-token-format --signing-alg --resource --audience --skip-consent --no-skip-consent --require-par --no-require-par' ;;
    'client secret add') echo '--expires-in --secret-out' ;;
    'client secret verify') echo '--secret-from' ;;
    'client rotate-secret') echo '--overlap --secret-out' ;;
    'scope create') echo '--description --group --internal --no-internal --default --no-default --if-not-exists --upsert' ;;
    'scope update') echo '--description --group --internal --no-internal --default --no-default' ;;
    'user create') echo '--email --email-verified --no-email-verified --name --password-from --no-password --if-not-exists --upsert' ;;
    'user update') echo '--username --email --email-verified --no-email-verified --name' ;;
    'user set-password') echo '--password-from' ;;
    'user reset-link') echo '--expires-in' ;;
    'token create') echo '--user --name --scope --expires-in --internal --secret-out --if-not-exists --upsert' ;;
    'token list') echo '--user --client --kind --scope --expiring --unused --all' ;;
    'token update') echo '--name --scope' ;;
    'token rotate') echo '--overlap --secret-out' ;;
    'token extend') echo '--expires-in' ;;
    'token revoke') echo '--user --client --scope --before --leaked' ;;
    'token verify') echo '--scope --audience --token-from' ;;
    'token inspect') echo '--token-from' ;;
    'grant list') echo '--user --client' ;;
    'grant revoke') echo '--user --client' ;;
    'session list') echo '--user --all' ;;
    'session revoke') echo '--user' ;;
    'key rotate') echo '--alg --overlap' ;;
    'key export') echo '--public --pem' ;;
    'key rewrap') echo '--old-key-from' ;;
    'provider create') echo '--preset --client-id --secret-from --issuer --authorize-url --token-url --userinfo-url --emails-url --request-token-url --signature-method --scope --title --description --icon --hidden --no-hidden --link-only --no-link-only --signup --trust-email --no-trust-email --if-not-exists --upsert' ;;
    'provider update') echo '--client-id --secret-from --issuer --authorize-url --token-url --userinfo-url --emails-url --request-token-url --signature-method --scope --title --description --icon --hidden --no-hidden --link-only --no-link-only --signup --trust-email --no-trust-email' ;;
    'account list') echo '--user --provider' ;;
    'explain authorize') echo '--client --scope --resource --redirect-uri --response-type --response-mode --state --code-challenge --code-challenge-method --pushed --url' ;;
    'explain token') echo '--client --scope --resource --grant --auth-method' ;;
    'flow client-credentials') echo '--issuer --client-id --client --secret-from --auth-method --scope --resource --ca-file --header --bare' ;;
    'flow code') echo '--issuer --client-id --client --secret-from --auth-method --scope --resource --ca-file --header --bare --redirect-uri --port --timeout --par --open' ;;
    'flow device') echo '--issuer --client-id --client --secret-from --auth-method --scope --resource --ca-file --header --bare' ;;
    'flow refresh') echo '--issuer --client-id --client --secret-from --auth-method --scope --resource --ca-file --header --bare --refresh-token-from' ;;
    'audit list') echo '--since --actor --object --follow' ;;
    'db prune') echo '--older' ;;
    'db copy') echo '--from --to' ;;
  esac
}

_oauth2ctl_kind() {
  case "$1 $2" in
    'init --issuer') echo 'any' ;;
    'client create --id') echo 'any' ;;
    'client create --grant') echo 'words authorization_code implicit refresh_token client_credentials password device_code' ;;
    'client create --response-type') echo 'words code token' ;;
    'client create --redirect-uri') echo 'any' ;;
    'client create --scope') echo 'scope' ;;
    'client create --default-scope') echo 'scope' ;;
    'client create --auth-method') echo 'words client_secret_basic client_secret_post none' ;;
    'client create --description') echo 'any' ;;
    'client create --website') echo 'any' ;;
    'client create --owner') echo 'user' ;;
    'client create --access-token-ttl') echo 'any' ;;
    'client create --refresh-token-ttl') echo 'any' ;;
    'client create --introspect') echo 'words any audience own' ;;
    'client create --access-token-format') echo 'words opaque jwt' ;;
    'client create --signing-alg') echo 'words EdDSA ES256 RS256' ;;
    'client create --resource') echo 'any' ;;
    'client create --audience') echo 'any' ;;
    'client create --secret-from') echo 'source' ;;
    'client create --secret-out') echo 'destination' ;;
    'client list --owner') echo 'user' ;;
    'client list --grant') echo 'words authorization_code implicit refresh_token client_credentials password device_code' ;;
    'client show 0') echo client ;;
    'client update --name') echo 'any' ;;
    'client update --grant') echo 'words authorization_code implicit refresh_token client_credentials password device_code' ;;
    'client update --response-type') echo 'words code token' ;;
    'client update --redirect-uri') echo 'any' ;;
    'client update --scope') echo 'scope' ;;
    'client update --default-scope') echo 'scope' ;;
    'client update --auth-method') echo 'words client_secret_basic client_secret_post none' ;;
    'client update --description') echo 'any' ;;
    'client update --website') echo 'any' ;;
    'client update --owner') echo 'user' ;;
    'client update --access-token-ttl') echo 'any' ;;
    'client update --refresh-token-ttl') echo 'any' ;;
    'client update --introspect') echo 'words any audience own' ;;
    'client update --access-token-format') echo 'words opaque jwt' ;;
    'client update --signing-alg') echo 'words EdDSA ES256 RS256' ;;
    'client update --resource') echo 'any' ;;
    'client update --audience') echo 'any' ;;
    'client update 0') echo client ;;
    'client enable 0') echo client ;;
    'client disable 0') echo client ;;
    'client delete 0') echo client ;;
    'client secret add --expires-in') echo 'any' ;;
    'client secret add --secret-out') echo 'destination' ;;
    'client secret add 0') echo client ;;
    'client secret list 0') echo client ;;
    'client secret revoke 0') echo client ;;
    'client secret verify --secret-from') echo 'source' ;;
    'client secret verify 0') echo client ;;
    'client rotate-secret --overlap') echo 'any' ;;
    'client rotate-secret --secret-out') echo 'destination' ;;
    'client rotate-secret 0') echo client ;;
    'scope create --description') echo 'any' ;;
    'scope create --group') echo 'any' ;;
    'scope show 0') echo scope ;;
    'scope update --description') echo 'any' ;;
    'scope update --group') echo 'any' ;;
    'scope update 0') echo scope ;;
    'scope delete 0') echo scope ;;
    'user create --email') echo 'any' ;;
    'user create --name') echo 'any' ;;
    'user create --password-from') echo 'source' ;;
    'user show 0') echo user ;;
    'user update --username') echo 'any' ;;
    'user update --email') echo 'any' ;;
    'user update --name') echo 'any' ;;
    'user update 0') echo user ;;
    'user set-password --password-from') echo 'source' ;;
    'user set-password 0') echo user ;;
    'user reset-link --expires-in') echo 'any' ;;
    'user reset-link 0') echo user ;;
    'user enable 0') echo user ;;
    'user disable 0') echo user ;;
    'user delete 0') echo user ;;
    'token create --user') echo 'user' ;;
    'token create --name') echo 'any' ;;
    'token create --scope') echo 'scope' ;;
    'token create --expires-in') echo 'any' ;;
    'token create --secret-out') echo 'destination' ;;
    'token list --user') echo 'user' ;;
    'token list --client') echo 'client' ;;
    'token list --kind') echo 'words personal access refresh' ;;
    'token list --scope') echo 'scope' ;;
    'token list --expiring') echo 'any' ;;
    'token list --unused') echo 'any' ;;
    'token show 0') echo token ;;
    'token update --name') echo 'any' ;;
    'token update --scope') echo 'scope' ;;
    'token update 0') echo token ;;
    'token rotate --overlap') echo 'any' ;;
    'token rotate --secret-out') echo 'destination' ;;
    'token rotate 0') echo token ;;
    'token extend --expires-in') echo 'any' ;;
    'token extend 0') echo token ;;
    'token revoke --user') echo 'user' ;;
    'token revoke --client') echo 'client' ;;
    'token revoke --scope') echo 'scope' ;;
    'token revoke --before') echo 'any' ;;
    'token revoke --leaked') echo 'file' ;;
    'token revoke '[0-9]*) echo token ;;
    'token verify --scope') echo 'scope' ;;
    'token verify --audience') echo 'any' ;;
    'token verify --token-from') echo 'source' ;;
    'token inspect --token-from') echo 'source' ;;
    'grant list --user') echo 'user' ;;
    'grant list --client') echo 'client' ;;
    'grant show 0') echo grant ;;
    'grant revoke --user') echo 'user' ;;
    'grant revoke --client') echo 'client' ;;
    'grant revoke 0') echo grant ;;
    'session list --user') echo 'user' ;;
    'session revoke --user') echo 'user' ;;
    'session revoke 0') echo session ;;
    'key rotate --alg') echo 'words EdDSA ES256 RS256' ;;
    'key rotate --overlap') echo 'any' ;;
    'key retire 0') echo key ;;
    'key export 0') echo key ;;
    'key rewrap --old-key-from') echo 'source' ;;
    'provider create --preset') echo 'words github orcid orcid-sandbox google gitlab keycloak cern globus oidc oauth2 oauth1' ;;
    'provider create --client-id') echo 'any' ;;
    'provider create --secret-from') echo 'source' ;;
    'provider create --issuer') echo 'any' ;;
    'provider create --authorize-url') echo 'any' ;;
    'provider create --token-url') echo 'any' ;;
    'provider create --userinfo-url') echo 'any' ;;
    'provider create --emails-url') echo 'any' ;;
    'provider create --request-token-url') echo 'any' ;;
    'provider create --signature-method') echo 'words HMAC-SHA1 PLAINTEXT' ;;
    'provider create --scope') echo 'any' ;;
    'provider create --title') echo 'any' ;;
    'provider create --description') echo 'any' ;;
    'provider create --icon') echo 'file' ;;
    'provider create --signup') echo 'words auto ask off' ;;
    'provider show 0') echo provider ;;
    'provider update --client-id') echo 'any' ;;
    'provider update --secret-from') echo 'source' ;;
    'provider update --issuer') echo 'any' ;;
    'provider update --authorize-url') echo 'any' ;;
    'provider update --token-url') echo 'any' ;;
    'provider update --userinfo-url') echo 'any' ;;
    'provider update --emails-url') echo 'any' ;;
    'provider update --request-token-url') echo 'any' ;;
    'provider update --signature-method') echo 'words HMAC-SHA1 PLAINTEXT' ;;
    'provider update --scope') echo 'any' ;;
    'provider update --title') echo 'any' ;;
    'provider update --description') echo 'any' ;;
    'provider update --icon') echo 'file' ;;
    'provider update --signup') echo 'words auto ask off' ;;
    'provider update 0') echo provider ;;
    'provider enable 0') echo provider ;;
    'provider disable 0') echo provider ;;
    'provider delete 0') echo provider ;;
    'account list --user') echo 'user' ;;
    'account list --provider') echo 'provider' ;;
    'account unlink 0') echo account ;;
    'account token 0') echo account ;;
    'explain authorize --client') echo 'client' ;;
    'explain authorize --scope') echo 'scope' ;;
    'explain authorize --resource') echo 'any' ;;
    'explain authorize --redirect-uri') echo 'any' ;;
    'explain authorize --response-type') echo 'words code token' ;;
    'explain authorize --response-mode') echo 'words query fragment' ;;
    'explain authorize --state') echo 'any' ;;
    'explain authorize --code-challenge') echo 'any' ;;
    'explain authorize --code-challenge-method') echo 'words S256' ;;
    'explain authorize --url') echo 'any' ;;
    'explain token --client') echo 'client' ;;
    'explain token --scope') echo 'scope' ;;
    'explain token --resource') echo 'any' ;;
    'explain token --grant') echo 'words authorization_code implicit refresh_token client_credentials password device_code' ;;
    'explain token --auth-method') echo 'words client_secret_basic client_secret_post none' ;;
    'flow client-credentials --issuer') echo 'any' ;;
    'flow client-credentials --client-id') echo 'client' ;;
    'flow client-credentials --client') echo 'client' ;;
    'flow client-credentials --secret-from') echo 'source' ;;
    'flow client-credentials --auth-method') echo 'words client_secret_basic client_secret_post none' ;;
    'flow client-credentials --scope') echo 'scope' ;;
    'flow client-credentials --resource') echo 'any' ;;
    'flow client-credentials --ca-file') echo 'file' ;;
    'flow code --issuer') echo 'any' ;;
    'flow code --client-id') echo 'client' ;;
    'flow code --client') echo 'client' ;;
    'flow code --secret-from') echo 'source' ;;
    'flow code --auth-method') echo 'words client_secret_basic client_secret_post none' ;;
    'flow code --scope') echo 'scope' ;;
    'flow code --resource') echo 'any' ;;
    'flow code --ca-file') echo 'file' ;;
    'flow code --redirect-uri') echo 'any' ;;
    'flow code --port') echo 'any' ;;
    'flow code --timeout') echo 'any' ;;
    'flow device --issuer') echo 'any' ;;
    'flow device --client-id') echo 'client' ;;
    'flow device --client') echo 'client' ;;
    'flow device --secret-from') echo 'source' ;;
    'flow device --auth-method') echo 'words client_secret_basic client_secret_post none' ;;
    'flow device --scope') echo 'scope' ;;
    'flow device --resource') echo 'any' ;;
    'flow device --ca-file') echo 'file' ;;
    'flow refresh --issuer') echo 'any' ;;
    'flow refresh --client-id') echo 'client' ;;
    'flow refresh --client') echo 'client' ;;
    'flow refresh --secret-from') echo 'source' ;;
    'flow refresh --auth-method') echo 'words client_secret_basic client_secret_post none' ;;
    'flow refresh --scope') echo 'scope' ;;
    'flow refresh --resource') echo 'any' ;;
    'flow refresh --ca-file') echo 'file' ;;
    'flow refresh --refresh-token-from') echo 'source' ;;
    'audit list --since') echo 'any' ;;
    'audit list --actor') echo 'any' ;;
    'audit list --object') echo 'any' ;;
    'db prune --older') echo 'any' ;;
    'db copy --from') echo 'file' ;;
    'db copy --to') echo 'file' ;;
    *' --db') echo 'file' ;;
    *' --config') echo 'file' ;;
    *' --output' | *' -o') echo 'output' ;;
    *' --color') echo 'words auto always never' ;;
    *' --reason') echo 'any' ;;
    *' --as') echo 'any' ;;
  esac
}

_oauth2ctl_output() {
  case $1 in
    'init') echo 'table json jsonl csv env github value=db value=server_key value=issuer value=changed' ;;
    'client create') echo 'table json jsonl csv env github value=client_id value=client_name value=description value=client_uri value=owner value=grant_types value=response_types value=redirect_uris value=scope value=default_scope value=token_endpoint_auth_method value=introspect value=internal value=skip_consent value=require_pushed_authorization_requests value=access_token_format value=signing_alg value=resources value=audiences value=access_token_ttl value=refresh_token_ttl value=disabled_at value=created_at value=client_secret value=client_secret_expires_at value=changed' ;;
    'client list') echo 'table json jsonl csv env github value=client_id value=client_name value=description value=client_uri value=owner value=grant_types value=response_types value=redirect_uris value=scope value=default_scope value=token_endpoint_auth_method value=introspect value=internal value=skip_consent value=require_pushed_authorization_requests value=access_token_format value=signing_alg value=resources value=audiences value=access_token_ttl value=refresh_token_ttl value=disabled_at value=created_at' ;;
    'client show') echo 'table json jsonl csv env github value=client_id value=client_name value=description value=client_uri value=owner value=grant_types value=response_types value=redirect_uris value=scope value=default_scope value=token_endpoint_auth_method value=introspect value=internal value=skip_consent value=require_pushed_authorization_requests value=access_token_format value=signing_alg value=resources value=audiences value=access_token_ttl value=refresh_token_ttl value=disabled_at value=created_at' ;;
    'client update') echo 'table json jsonl csv env github value=client_id value=client_name value=description value=client_uri value=owner value=grant_types value=response_types value=redirect_uris value=scope value=default_scope value=token_endpoint_auth_method value=introspect value=internal value=skip_consent value=require_pushed_authorization_requests value=access_token_format value=signing_alg value=resources value=audiences value=access_token_ttl value=refresh_token_ttl value=disabled_at value=created_at value=changed' ;;
    'client enable') echo 'table json jsonl csv env github value=client_id value=client_name value=description value=client_uri value=owner value=grant_types value=response_types value=redirect_uris value=scope value=default_scope value=token_endpoint_auth_method value=introspect value=internal value=skip_consent value=require_pushed_authorization_requests value=access_token_format value=signing_alg value=resources value=audiences value=access_token_ttl value=refresh_token_ttl value=disabled_at value=created_at value=changed' ;;
    'client disable') echo 'table json jsonl csv env github value=client_id value=client_name value=description value=client_uri value=owner value=grant_types value=response_types value=redirect_uris value=scope value=default_scope value=token_endpoint_auth_method value=introspect value=internal value=skip_consent value=require_pushed_authorization_requests value=access_token_format value=signing_alg value=resources value=audiences value=access_token_ttl value=refresh_token_ttl value=disabled_at value=created_at value=changed' ;;
    'client delete') echo 'table json jsonl csv env github value=client_id value=client_name value=description value=client_uri value=owner value=grant_types value=response_types value=redirect_uris value=scope value=default_scope value=token_endpoint_auth_method value=introspect value=internal value=skip_consent value=require_pushed_authorization_requests value=access_token_format value=signing_alg value=resources value=audiences value=access_token_ttl value=refresh_token_ttl value=disabled_at value=created_at value=changed' ;;
    'client secret add') echo 'table json jsonl csv env github value=id value=client_id value=created_at value=expires_at value=client_secret value=client_secret_expires_at value=changed' ;;
    'client secret list') echo 'table json jsonl csv env github value=id value=client_id value=created_at value=expires_at' ;;
    'client secret revoke') echo 'table json jsonl csv env github value=id value=client_id value=created_at value=expires_at value=changed' ;;
    'client secret verify') echo 'table json jsonl csv env github value=client_id value=active' ;;
    'client rotate-secret') echo 'table json jsonl csv env github value=id value=client_id value=created_at value=expires_at value=client_secret value=client_secret_expires_at value=changed' ;;
    'scope create') echo 'table json jsonl csv env github value=name value=description value=group value=internal value=default value=created_at value=changed' ;;
    'scope list') echo 'table json jsonl csv env github value=name value=description value=group value=internal value=default value=created_at' ;;
    'scope show') echo 'table json jsonl csv env github value=name value=description value=group value=internal value=default value=created_at' ;;
    'scope update') echo 'table json jsonl csv env github value=name value=description value=group value=internal value=default value=created_at value=changed' ;;
    'scope delete') echo 'table json jsonl csv env github value=name value=description value=group value=internal value=default value=created_at value=changed' ;;
    'user create') echo 'table json jsonl csv env github value=id value=username value=name value=email value=email_verified value=disabled_at value=created_at value=changed' ;;
    'user list') echo 'table json jsonl csv env github value=id value=username value=name value=email value=email_verified value=disabled_at value=created_at' ;;
    'user show') echo 'table json jsonl csv env github value=id value=username value=name value=email value=email_verified value=disabled_at value=created_at' ;;
    'user update') echo 'table json jsonl csv env github value=id value=username value=name value=email value=email_verified value=disabled_at value=created_at value=changed' ;;
    'user set-password') echo 'table json jsonl csv env github value=id value=username value=name value=email value=email_verified value=disabled_at value=created_at value=changed' ;;
    'user reset-link') echo 'table json jsonl csv env github value=url value=expires_at value=user value=changed' ;;
    'user enable') echo 'table json jsonl csv env github value=id value=username value=name value=email value=email_verified value=disabled_at value=created_at value=changed' ;;
    'user disable') echo 'table json jsonl csv env github value=id value=username value=name value=email value=email_verified value=disabled_at value=created_at value=changed' ;;
    'user delete') echo 'table json jsonl csv env github value=id value=username value=name value=email value=email_verified value=disabled_at value=created_at value=changed' ;;
    'token create') echo 'table json jsonl csv env github value=id value=name value=kind value=user value=client_id value=scope value=created_at value=expires_at value=last_used_at value=revoked_at value=internal value=token value=changed' ;;
    'token list') echo 'table json jsonl csv env github value=id value=name value=kind value=user value=client_id value=scope value=created_at value=expires_at value=last_used_at value=revoked_at value=internal' ;;
    'token show') echo 'table json jsonl csv env github value=id value=name value=kind value=user value=client_id value=scope value=created_at value=expires_at value=last_used_at value=revoked_at value=internal' ;;
    'token update') echo 'table json jsonl csv env github value=id value=name value=kind value=user value=client_id value=scope value=created_at value=expires_at value=last_used_at value=revoked_at value=internal value=changed' ;;
    'token rotate') echo 'table json jsonl csv env github value=id value=name value=kind value=user value=client_id value=scope value=created_at value=expires_at value=last_used_at value=revoked_at value=internal value=token value=changed' ;;
    'token extend') echo 'table json jsonl csv env github value=id value=name value=kind value=user value=client_id value=scope value=created_at value=expires_at value=last_used_at value=revoked_at value=internal value=changed' ;;
    'token revoke') echo 'table json jsonl csv env github value=line value=id value=name value=kind value=user value=client_id value=scope value=created_at value=expires_at value=last_used_at value=revoked_at value=internal value=changed' ;;
    'token verify') echo 'table json jsonl csv env github value=active value=scope value=client_id value=username value=sub value=aud value=iss value=exp value=iat value=jti value=token_type value=token_kind' ;;
    'token inspect') echo 'table json jsonl csv env github value=prefix value=kind value=checksum value=header value=claims' ;;
    'grant list') echo 'table json jsonl csv env github value=id value=user value=client value=client_id value=scope value=created_at value=updated_at value=tokens' ;;
    'grant show') echo 'table json jsonl csv env github value=id value=user value=client value=client_id value=scope value=created_at value=updated_at value=tokens' ;;
    'grant revoke') echo 'table json jsonl csv env github value=id value=user value=client value=client_id value=scope value=created_at value=updated_at value=tokens value=changed' ;;
    'session list') echo 'table json jsonl csv env github value=id value=user value=remember value=address value=user_agent value=created_at value=last_seen_at value=expires_at value=revoked_at' ;;
    'session revoke') echo 'table json jsonl csv env github value=id value=user value=remember value=address value=user_agent value=created_at value=last_seen_at value=expires_at value=revoked_at value=changed' ;;
    'key list') echo 'table json jsonl csv env github value=kid value=algorithm value=status value=created_at value=retired_at value=expires_at value=sealed value=default' ;;
    'key rotate') echo 'table json jsonl csv env github value=kid value=algorithm value=status value=created_at value=retired_at value=expires_at value=sealed value=changed' ;;
    'key retire') echo 'table json jsonl csv env github value=kid value=algorithm value=status value=created_at value=retired_at value=expires_at value=sealed value=revoked_tokens value=changed' ;;
    'key export') echo 'table json jsonl csv env github' ;;
    'key rewrap') echo 'table json jsonl csv env github value=kid value=algorithm value=status value=created_at value=retired_at value=expires_at value=sealed value=changed' ;;
    'provider create') echo 'table json jsonl csv env github value=name value=preset value=title value=description value=icon value=client_id value=issuer value=authorize_url value=token_url value=userinfo_url value=emails_url value=request_token_url value=signature_method value=scope value=hidden value=link_only value=signup value=trust_email value=disabled_at value=created_at value=redirect_uri value=changed' ;;
    'provider list') echo 'table json jsonl csv env github value=name value=preset value=title value=description value=icon value=client_id value=issuer value=authorize_url value=token_url value=userinfo_url value=emails_url value=request_token_url value=signature_method value=scope value=hidden value=link_only value=signup value=trust_email value=disabled_at value=created_at value=redirect_uri' ;;
    'provider show') echo 'table json jsonl csv env github value=name value=preset value=title value=description value=icon value=client_id value=issuer value=authorize_url value=token_url value=userinfo_url value=emails_url value=request_token_url value=signature_method value=scope value=hidden value=link_only value=signup value=trust_email value=disabled_at value=created_at value=redirect_uri' ;;
    'provider update') echo 'table json jsonl csv env github value=name value=preset value=title value=description value=icon value=client_id value=issuer value=authorize_url value=token_url value=userinfo_url value=emails_url value=request_token_url value=signature_method value=scope value=hidden value=link_only value=signup value=trust_email value=disabled_at value=created_at value=redirect_uri value=changed' ;;
    'provider enable') echo 'table json jsonl csv env github value=name value=preset value=title value=description value=icon value=client_id value=issuer value=authorize_url value=token_url value=userinfo_url value=emails_url value=request_token_url value=signature_method value=scope value=hidden value=link_only value=signup value=trust_email value=disabled_at value=created_at value=redirect_uri value=changed' ;;
    'provider disable') echo 'table json jsonl csv env github value=name value=preset value=title value=description value=icon value=client_id value=issuer value=authorize_url value=token_url value=userinfo_url value=emails_url value=request_token_url value=signature_method value=scope value=hidden value=link_only value=signup value=trust_email value=disabled_at value=created_at value=redirect_uri value=changed' ;;
    'provider delete') echo 'table json jsonl csv env github value=name value=preset value=title value=description value=icon value=client_id value=issuer value=authorize_url value=token_url value=userinfo_url value=emails_url value=request_token_url value=signature_method value=scope value=hidden value=link_only value=signup value=trust_email value=disabled_at value=created_at value=redirect_uri value=changed' ;;
    'account list') echo 'table json jsonl csv env github value=id value=provider value=user value=subject value=username value=email value=has_token value=expires_at value=created_at value=last_used_at' ;;
    'account unlink') echo 'table json jsonl csv env github value=id value=provider value=user value=subject value=username value=email value=has_token value=expires_at value=created_at value=last_used_at value=changed' ;;
    'account token') echo 'table json jsonl csv env github value=id value=provider value=user value=scope value=expires_at value=access_token value=token_secret value=changed' ;;
    'explain authorize') echo 'table json jsonl csv env github value=check value=result value=error value=detail value=comparison' ;;
    'explain token') echo 'table json jsonl csv env github value=check value=result value=error value=detail value=comparison' ;;
    'flow client-credentials') echo 'table json jsonl csv env github value=access_token value=token_type value=expires_in value=refresh_token value=scope value=id_token' ;;
    'flow code') echo 'table json jsonl csv env github value=access_token value=token_type value=expires_in value=refresh_token value=scope value=id_token' ;;
    'flow device') echo 'table json jsonl csv env github value=access_token value=token_type value=expires_in value=refresh_token value=scope value=id_token' ;;
    'flow refresh') echo 'table json jsonl csv env github value=access_token value=token_type value=expires_in value=refresh_token value=scope value=id_token' ;;
    'audit list') echo 'table json jsonl csv env github value=id value=created_at value=actor value=action value=object value=reason value=address value=request_id' ;;
    'db migrate') echo 'table json jsonl csv env github value=db value=schema_version value=applied value=changed' ;;
    'db status') echo 'table json jsonl csv env github value=db value=engine value=path value=size value=journal_mode value=schema_version value=newest_version value=pending value=read_only' ;;
    'db check') echo 'table json jsonl csv env github value=problem' ;;
    'db prune') echo 'table json jsonl csv env github value=table value=rows value=changed' ;;
    'db copy') echo 'table json jsonl csv env github value=table value=rows value=changed' ;;
    'config show') echo 'table json jsonl csv env github value=name value=value value=source' ;;
    'config check') echo 'table json jsonl csv env github value=problem' ;;
    'completion bash') echo 'table json jsonl csv env github' ;;
    'completion zsh') echo 'table json jsonl csv env github' ;;
    'completion fish') echo 'table json jsonl csv env github' ;;
    'version') echo 'table json jsonl csv env github value=name value=version value=schema_version' ;;
    *) echo 'table json jsonl csv env github' ;;
  esac
}

_oauth2ctl_ask() {
  oauth2ctl "${with[@]}" --no-input "$@" 2>/dev/null
}

_oauth2ctl_offer() {   # lines on standard input that start with $cur
  local line
  while IFS= read -r line; do
    [[ -n $line && $line == "$cur"* ]] && COMPREPLY+=("$(printf '%q' "$line")")
  done
}

_oauth2ctl_values() {   # $1: what kind of value comes
  local name
  case $1 in
    client) _oauth2ctl_ask client list -o value=client_name | sort -u ;;
    scope) _oauth2ctl_ask scope list -o value=name ;;
    user) _oauth2ctl_ask user list -o value=username ;;
    token) _oauth2ctl_ask token list --kind personal -o value=name | sort -u ;;
    grant) _oauth2ctl_ask grant list -o value=id ;;
    session) _oauth2ctl_ask session list -o value=id ;;
    key) _oauth2ctl_ask key list -o value=kid ;;
    provider) _oauth2ctl_ask provider list -o value=name ;;
    account) _oauth2ctl_ask account list -o value=id ;;
    source) printf '%s\n' - env: file: ;;
    destination) printf '%s\n' file: ;;
    output) printf '%s\n' $(_oauth2ctl_output "$path") ;;
    words*) printf '%s\n' ${1#words } ;;
  esac
}

_oauth2ctl() {
  local i word rest=${COMP_LINE:0:COMP_POINT} cur path= flag= kind prefix
  local -a words=() with=()
  local -i position=0
  COMPREPLY=()
  for ((i = 0; i <= COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if ((i == 0)) || [[ $rest == [[:blank:]]* ]]; then words+=("$word"); else words[-1]+=$word; fi
    rest=${rest#"${rest%%[![:blank:]]*}"}
    rest=${rest#"$word"}
  done
  cur=${words[-1]}
  for ((i = 1; i < ${#words[@]} - 1; i++)); do
    word=${words[i]}
    if [[ -n $flag ]]; then
      [[ $flag == --db || $flag == --config ]] && with+=("$flag" "$word")
      flag=
    elif [[ $word == --db=* || $word == --config=* ]]; then
      with+=("$word")
    elif [[ $word == -?* && $word != *=* ]]; then
      [[ -n $(_oauth2ctl_kind "$path" "$word") ]] && flag=$word
    elif [[ $word != -* && " $(_oauth2ctl_commands "$path") " == *" $word "* ]]; then
      [[ $word == pat && -z $path ]] && word=token
      path+=${path:+ }$word
    elif [[ $word != -* ]]; then
      position+=1
    fi
  done
  if [[ -z $flag && $cur == --*=* ]]; then
    flag=${cur%%=*}
    cur=${cur#*=}
  fi
  prefix=${cur%"${cur##*[=:]}"}
  if [[ -n $flag ]]; then
    kind=$(_oauth2ctl_kind "$path" "$flag")
  elif [[ $cur == -* ]]; then
    kind="words $(_oauth2ctl_flags "$path") $(_oauth2ctl_flags '*')"
  elif [[ -n $(_oauth2ctl_commands "$path") ]]; then
    kind="words $(_oauth2ctl_commands "$path")"
  else
    kind=$(_oauth2ctl_kind "$path" "$position")
  fi
  if [[ $kind == file || (($kind == source || $kind == destination) && $cur == file:*) ]]; then
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "${cur#file:}")
    return
  fi
  _oauth2ctl_offer < <(_oauth2ctl_values "$kind")
  for i in "${!COMPREPLY[@]}"; do COMPREPLY[i]=${COMPREPLY[i]#"$(printf '%q' "$prefix")"}; done
  [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[=:] ]] && compopt -o nospace 2>/dev/null
}

complete -F _oauth2ctl oauth2ctl
