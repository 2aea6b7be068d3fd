#compdef oauth2ctl
# Written by oauth2-docs from the table of commands; changes here are lost.

_oauth2ctl_leads() {   # does word $2 lead on from $1?
  case $1 in
    '') [[ $2 == (init|client|scope|user|token|grant|session|key|provider|account|explain|flow|audit|db|config|completion|version|pat) ]] ;;
    'client') [[ $2 == (create|list|show|update|enable|disable|delete|secret|rotate-secret) ]] ;;
    'client secret') [[ $2 == (add|list|revoke|verify) ]] ;;
    'scope') [[ $2 == (create|list|show|update|delete) ]] ;;
    'user') [[ $2 == (create|list|show|update|set-password|reset-link|enable|disable|delete) ]] ;;
    'token') [[ $2 == (create|list|show|update|rotate|extend|revoke|verify|inspect) ]] ;;
    'grant') [[ $2 == (list|show|revoke) ]] ;;
    'session') [[ $2 == (list|revoke) ]] ;;
    'key') [[ $2 == (list|rotate|retire|export|rewrap) ]] ;;
    'provider') [[ $2 == (create|list|show|update|enable|disable|delete) ]] ;;
    'account') [[ $2 == (list|unlink|token) ]] ;;
    'explain') [[ $2 == (authorize|token) ]] ;;
    'flow') [[ $2 == (client-credentials|code|device|refresh) ]] ;;
    'audit') [[ $2 == (list) ]] ;;
    'db') [[ $2 == (migrate|status|check|prune|copy) ]] ;;
    'config') [[ $2 == (show|check) ]] ;;
    'completion') [[ $2 == (bash|zsh|fish) ]] ;;
    *) return 1 ;;
  esac
}

_oauth2ctl_names() {   # $1: client, scope, user, token, grant, session, key, provider or account
  local -a names
  local -a ask=(oauth2ctl $oauth2ctl_with --no-input)
  case $1 in
    client) names=(${(fu)"$($ask client list -o value=client_name 2>/dev/null)"}) ;;
    scope) names=(${(f)"$($ask scope list -o value=name 2>/dev/null)"}) ;;
    user) names=(${(f)"$($ask user list -o value=username 2>/dev/null)"}) ;;
    token) names=(${(fu)"$($ask token list --kind personal -o value=name 2>/dev/null)"}) ;;
    grant) names=(${(f)"$($ask grant list -o value=id 2>/dev/null)"}) ;;
    session) names=(${(f)"$($ask session list -o value=id 2>/dev/null)"}) ;;
    key) names=(${(f)"$($ask key list -o value=kid 2>/dev/null)"}) ;;
    provider) names=(${(f)"$($ask provider list -o value=name 2>/dev/null)"}) ;;
    account) names=(${(f)"$($ask account list -o value=id 2>/dev/null)"}) ;;
  esac
  compadd -a names
}

_oauth2ctl_source() {
  if compset -P 'file:'; then _files; else compadd -S '' env: file:; compadd -- -; fi
}

_oauth2ctl_destination() {
  if compset -P 'file:'; then _files; else compadd -S '' file:; fi
}

_oauth2ctl() {
  local place= word awaited=
  local -a kept=("$words[1]") oauth2ctl_with globals verbs
  local -i i
  for ((i = 2; i < CURRENT; i++)); do
    word=$words[i]
    if [[ -n $awaited ]]; then
      [[ $awaited == (--db|--config) ]] && oauth2ctl_with+=($awaited $word)
      awaited=
      kept+=("$word")
    elif [[ $word == -* ]]; then
      [[ $word == (--db|--config)=* ]] && oauth2ctl_with+=($word)
      [[ $word == (--db|--config|--output|-o|--color|--reason|--as) ]] && awaited=$word
      kept+=("$word")
    elif _oauth2ctl_leads "$place" "$word"; then
      [[ -z $place && $word == pat ]] && word=token
      place+=${place:+ }$word
    else
      kept+=("$word")
    fi
  done
  kept+=("${(@)words[CURRENT,-1]}")
  CURRENT=$((CURRENT - ${#words} + ${#kept}))
  words=("${(@)kept}")
  local -a formats
  case $place in
    'init') formats=(table json jsonl csv env github value=db value=server_key value=issuer value=changed) ;;
    'client create') formats=(table json jsonl csv env github value=client_id value=client_name value=description value=client_uri value=owner value=grant_types value=response_types value=redirect_uris value=scope value=default_scope value=token_endpoint_auth_method value=introspect value=internal value=skip_consent value=require_pushed_authorization_requests value=access_token_format value=signing_alg value=resources value=audiences value=access_token_ttl value=refresh_token_ttl value=disabled_at value=created_at value=client_secret value=client_secret_expires_at value=changed) ;;
    'client list') formats=(table json jsonl csv env github value=client_id value=client_name value=description value=client_uri value=owner value=grant_types value=response_types value=redirect_uris value=scope value=default_scope value=token_endpoint_auth_method value=introspect value=internal value=skip_consent value=require_pushed_authorization_requests value=access_token_format value=signing_alg value=resources value=audiences value=access_token_ttl value=refresh_token_ttl value=disabled_at value=created_at) ;;
    'client show') formats=(table json jsonl csv env github value=client_id value=client_name value=description value=client_uri value=owner value=grant_types value=response_types value=redirect_uris value=scope value=default_scope value=token_endpoint_auth_method value=introspect value=internal value=skip_consent value=require_pushed_authorization_requests value=access_token_format value=signing_alg value=resources value=audiences value=access_token_ttl value=refresh_token_ttl value=disabled_at value=created_at) ;;
    'client update') formats=(table json jsonl csv env github value=client_id value=client_name value=description value=client_uri value=owner value=grant_types value=response_types value=redirect_uris value=scope value=default_scope value=token_endpoint_auth_method value=introspect value=internal value=skip_consent value=require_pushed_authorization_requests value=access_token_format value=signing_alg value=resources value=audiences value=access_token_ttl value=refresh_token_ttl value=disabled_at value=created_at value=changed) ;;
    'client enable') formats=(table json jsonl csv env github value=client_id value=client_name value=description value=client_uri value=owner value=grant_types value=response_types value=redirect_uris value=scope value=default_scope value=token_endpoint_auth_method value=introspect value=internal value=skip_consent value=require_pushed_authorization_requests value=access_token_format value=signing_alg value=resources value=audiences value=access_token_ttl value=refresh_token_ttl value=disabled_at value=created_at value=changed) ;;
    'client disable') formats=(table json jsonl csv env github value=client_id value=client_name value=description value=client_uri value=owner value=grant_types value=response_types value=redirect_uris value=scope value=default_scope value=token_endpoint_auth_method value=introspect value=internal value=skip_consent value=require_pushed_authorization_requests value=access_token_format value=signing_alg value=resources value=audiences value=access_token_ttl value=refresh_token_ttl value=disabled_at value=created_at value=changed) ;;
    'client delete') formats=(table json jsonl csv env github value=client_id value=client_name value=description value=client_uri value=owner value=grant_types value=response_types value=redirect_uris value=scope value=default_scope value=token_endpoint_auth_method value=introspect value=internal value=skip_consent value=require_pushed_authorization_requests value=access_token_format value=signing_alg value=resources value=audiences value=access_token_ttl value=refresh_token_ttl value=disabled_at value=created_at value=changed) ;;
    'client secret add') formats=(table json jsonl csv env github value=id value=client_id value=created_at value=expires_at value=client_secret value=client_secret_expires_at value=changed) ;;
    'client secret list') formats=(table json jsonl csv env github value=id value=client_id value=created_at value=expires_at) ;;
    'client secret revoke') formats=(table json jsonl csv env github value=id value=client_id value=created_at value=expires_at value=changed) ;;
    'client secret verify') formats=(table json jsonl csv env github value=client_id value=active) ;;
    'client rotate-secret') formats=(table json jsonl csv env github value=id value=client_id value=created_at value=expires_at value=client_secret value=client_secret_expires_at value=changed) ;;
    'scope create') formats=(table json jsonl csv env github value=name value=description value=group value=internal value=default value=created_at value=changed) ;;
    'scope list') formats=(table json jsonl csv env github value=name value=description value=group value=internal value=default value=created_at) ;;
    'scope show') formats=(table json jsonl csv env github value=name value=description value=group value=internal value=default value=created_at) ;;
    'scope update') formats=(table json jsonl csv env github value=name value=description value=group value=internal value=default value=created_at value=changed) ;;
    'scope delete') formats=(table json jsonl csv env github value=name value=description value=group value=internal value=default value=created_at value=changed) ;;
    'user create') formats=(table json jsonl csv env github value=id value=username value=name value=email value=email_verified value=disabled_at value=created_at value=changed) ;;
    'user list') formats=(table json jsonl csv env github value=id value=username value=name value=email value=email_verified value=disabled_at value=created_at) ;;
    'user show') formats=(table json jsonl csv env github value=id value=username value=name value=email value=email_verified value=disabled_at value=created_at) ;;
    'user update') formats=(table json jsonl csv env github value=id value=username value=name value=email value=email_verified value=disabled_at value=created_at value=changed) ;;
    'user set-password') formats=(table json jsonl csv env github value=id value=username value=name value=email value=email_verified value=disabled_at value=created_at value=changed) ;;
    'user reset-link') formats=(table json jsonl csv env github value=url value=expires_at value=user value=changed) ;;
    'user enable') formats=(table json jsonl csv env github value=id value=username value=name value=email value=email_verified value=disabled_at value=created_at value=changed) ;;
    'user disable') formats=(table json jsonl csv env github value=id value=username value=name value=email value=email_verified value=disabled_at value=created_at value=changed) ;;
    'user delete') formats=(table json jsonl csv env github value=id value=username value=name value=email value=email_verified value=disabled_at value=created_at value=changed) ;;
    'token create') formats=(table json jsonl csv env github value=id value=name value=kind value=user value=client_id value=scope value=created_at value=expires_at value=last_used_at value=revoked_at value=internal value=token value=changed) ;;
    'token list') formats=(table json jsonl csv env github value=id value=name value=kind value=user value=client_id value=scope value=created_at value=expires_at value=last_used_at value=revoked_at value=internal) ;;
    'token show') formats=(table json jsonl csv env github value=id value=name value=kind value=user value=client_id value=scope value=created_at value=expires_at value=last_used_at value=revoked_at value=internal) ;;
    'token update') formats=(table json jsonl csv env github value=id value=name value=kind value=user value=client_id value=scope value=created_at value=expires_at value=last_used_at value=revoked_at value=internal value=changed) ;;
    'token rotate') formats=(table json jsonl csv env github value=id value=name value=kind value=user value=client_id value=scope value=created_at value=expires_at value=last_used_at value=revoked_at value=internal value=token value=changed) ;;
    'token extend') formats=(table json jsonl csv env github value=id value=name value=kind value=user value=client_id value=scope value=created_at value=expires_at value=last_used_at value=revoked_at value=internal value=changed) ;;
    'token revoke') formats=(table json jsonl csv env github value=line value=id value=name value=kind value=user value=client_id value=scope value=created_at value=expires_at value=last_used_at value=revoked_at value=internal value=changed) ;;
    'token verify') formats=(table json jsonl csv env github value=active value=scope value=client_id value=username value=sub value=aud value=iss value=exp value=iat value=jti value=token_type value=token_kind) ;;
    'token inspect') formats=(table json jsonl csv env github value=prefix value=kind value=checksum value=header value=claims) ;;
    'grant list') formats=(table json jsonl csv env github value=id value=user value=client value=client_id value=scope value=created_at value=updated_at value=tokens) ;;
    'grant show') formats=(table json jsonl csv env github value=id value=user value=client value=client_id value=scope value=created_at value=updated_at value=tokens) ;;
    'grant revoke') formats=(table json jsonl csv env github value=id value=user value=client value=client_id value=scope value=created_at value=updated_at value=tokens value=changed) ;;
    'session list') formats=(table json jsonl csv env github value=id value=user value=remember value=address value=user_agent value=created_at value=last_seen_at value=expires_at value=revoked_at) ;;
    'session revoke') formats=(table json jsonl csv env github value=id value=user value=remember value=address value=user_agent value=created_at value=last_seen_at value=expires_at value=revoked_at value=changed) ;;
    'key list') formats=(table json jsonl csv env github value=kid value=algorithm value=status value=created_at value=retired_at value=expires_at value=sealed value=default) ;;
    'key rotate') formats=(table json jsonl csv env github value=kid value=algorithm value=status value=created_at value=retired_at value=expires_at value=sealed value=changed) ;;
    'key retire') formats=(table json jsonl csv env github value=kid value=algorithm value=status value=created_at value=retired_at value=expires_at value=sealed value=revoked_tokens value=changed) ;;
    'key export') formats=(table json jsonl csv env github) ;;
    'key rewrap') formats=(table json jsonl csv env github value=kid value=algorithm value=status value=created_at value=retired_at value=expires_at value=sealed value=changed) ;;
    'provider create') formats=(table json jsonl csv env github value=name value=preset value=title value=description value=icon value=client_id value=issuer value=authorize_url value=token_url value=userinfo_url value=emails_url value=request_token_url value=signature_method value=scope value=hidden value=link_only value=signup value=trust_email value=disabled_at value=created_at value=redirect_uri value=changed) ;;
    'provider list') formats=(table json jsonl csv env github value=name value=preset value=title value=description value=icon value=client_id value=issuer value=authorize_url value=token_url value=userinfo_url value=emails_url value=request_token_url value=signature_method value=scope value=hidden value=link_only value=signup value=trust_email value=disabled_at value=created_at value=redirect_uri) ;;
    'provider show') formats=(table json jsonl csv env github value=name value=preset value=title value=description value=icon value=client_id value=issuer value=authorize_url value=token_url value=userinfo_url value=emails_url value=request_token_url value=signature_method value=scope value=hidden value=link_only value=signup value=trust_email value=disabled_at value=created_at value=redirect_uri) ;;
    'provider update') formats=(table json jsonl csv env github value=name value=preset value=title value=description value=icon value=client_id value=issuer value=authorize_url value=token_url value=userinfo_url value=emails_url value=request_token_url value=signature_method value=scope value=hidden value=link_only value=signup value=trust_email value=disabled_at value=created_at value=redirect_uri value=changed) ;;
    'provider enable') formats=(table json jsonl csv env github value=name value=preset value=title value=description value=icon value=client_id value=issuer value=authorize_url value=token_url value=userinfo_url value=emails_url value=request_token_url value=signature_method value=scope value=hidden value=link_only value=signup value=trust_email value=disabled_at value=created_at value=redirect_uri value=changed) ;;
    'provider disable') formats=(table json jsonl csv env github value=name value=preset value=title value=description value=icon value=client_id value=issuer value=authorize_url value=token_url value=userinfo_url value=emails_url value=request_token_url value=signature_method value=scope value=hidden value=link_only value=signup value=trust_email value=disabled_at value=created_at value=redirect_uri value=changed) ;;
    'provider delete') formats=(table json jsonl csv env github value=name value=preset value=title value=description value=icon value=client_id value=issuer value=authorize_url value=token_url value=userinfo_url value=emails_url value=request_token_url value=signature_method value=scope value=hidden value=link_only value=signup value=trust_email value=disabled_at value=created_at value=redirect_uri value=changed) ;;
    'account list') formats=(table json jsonl csv env github value=id value=provider value=user value=subject value=username value=email value=has_token value=expires_at value=created_at value=last_used_at) ;;
    'account unlink') formats=(table json jsonl csv env github value=id value=provider value=user value=subject value=username value=email value=has_token value=expires_at value=created_at value=last_used_at value=changed) ;;
    'account token') formats=(table json jsonl csv env github value=id value=provider value=user value=scope value=expires_at value=access_token value=token_secret value=changed) ;;
    'explain authorize') formats=(table json jsonl csv env github value=check value=result value=error value=detail value=comparison) ;;
    'explain token') formats=(table json jsonl csv env github value=check value=result value=error value=detail value=comparison) ;;
    'flow client-credentials') formats=(table json jsonl csv env github value=access_token value=token_type value=expires_in value=refresh_token value=scope value=id_token) ;;
    'flow code') formats=(table json jsonl csv env github value=access_token value=token_type value=expires_in value=refresh_token value=scope value=id_token) ;;
    'flow device') formats=(table json jsonl csv env github value=access_token value=token_type value=expires_in value=refresh_token value=scope value=id_token) ;;
    'flow refresh') formats=(table json jsonl csv env github value=access_token value=token_type value=expires_in value=refresh_token value=scope value=id_token) ;;
    'audit list') formats=(table json jsonl csv env github value=id value=created_at value=actor value=action value=object value=reason value=address value=request_id) ;;
    'db migrate') formats=(table json jsonl csv env github value=db value=schema_version value=applied value=changed) ;;
    'db status') formats=(table json jsonl csv env github value=db value=engine value=path value=size value=journal_mode value=schema_version value=newest_version value=pending value=read_only) ;;
    'db check') formats=(table json jsonl csv env github value=problem) ;;
    'db prune') formats=(table json jsonl csv env github value=table value=rows value=changed) ;;
    'db copy') formats=(table json jsonl csv env github value=table value=rows value=changed) ;;
    'config show') formats=(table json jsonl csv env github value=name value=value value=source) ;;
    'config check') formats=(table json jsonl csv env github value=problem) ;;
    'completion bash') formats=(table json jsonl csv env github) ;;
    'completion zsh') formats=(table json jsonl csv env github) ;;
    'completion fish') formats=(table json jsonl csv env github) ;;
    'version') formats=(table json jsonl csv env github value=name value=version value=schema_version) ;;
    *) formats=(table json jsonl csv env github) ;;
  esac
  globals=( \
        '--db=[the database\: sqlite\:PATH or a bare PATH]:URL:_files' \
        '--config=[settings, shared with oauth2d; else /etc/oauth2ctl/oauth2ctl.toml]:FILE:_files' \
        '--output=[table, json, jsonl, csv, env, github or value=FIELD]:FORMAT:{compadd -a formats}' \
        '-o[table, json, jsonl, csv, env, github or value=FIELD]:FORMAT:{compadd -a formats}' \
        '--quiet[print only the one thing that a script wants]' \
        '-q[print only the one thing that a script wants]' \
        '--yes[do not ask before something is destroyed]' \
        '-y[do not ask before something is destroyed]' \
        '--no-input[never ask, even on a terminal]' \
        '--dry-run[say what would change, change nothing]' \
        '--color=[auto, always or never]:WHEN:(auto always never)' \
        '--reason=[why, for the audit log]:TEXT: ' \
        '--as=[who, for the audit log; else the user of the operating system]:ACTOR: ' \
        '--help[what it does, with examples]')
  case $place in
    '')
      verbs=(
        'init:make the database, the server'\''s key and the scope user:email'
        'client:applications that ask for tokens'
        'scope:what a token may be allowed to do'
        'user:people who sign in'
        'token:personal, access and refresh tokens (alias: pat)'
        'grant:what people allowed applications, and the tokens under it'
        'session:browsers in which people are signed in'
        'key:keys that tokens are signed with'
        'provider:services whose accounts people sign in with'
        'account:accounts elsewhere that are linked to users'
        'explain:why a request would be refused'
        'flow:a test client for any OAuth 2.0 server'
        'audit:who changed what, and when'
        'db:the database itself'
        'config:the settings in force'
        'completion:Tab completion for a shell'
        'version:print which version this is')
      if [[ $words[CURRENT] == -* ]]; then _arguments -s -S $globals; else _describe command verbs; fi ;;
    'client')
      verbs=(
        'create:register an application'
        'list:list applications by name'
        'show:show one application'
        'update:change an application'
        'enable:let a disabled application work again'
        'disable:stop an application; its tokens are inactive until it is enabled'
        'delete:delete an application with its secrets and tokens'
        'secret:applications that ask for tokens'
        'rotate-secret:give an application a new secret in place of all it has')
      if [[ $words[CURRENT] == -* ]]; then _arguments -s -S $globals; else _describe command verbs; fi ;;
    'client secret')
      verbs=(
        'add:give an application one more secret'
        'list:list an application'\''s secrets by their ids, oldest first'
        'revoke:end one of an application'\''s secrets at once'
        'verify:tell whether a secret is valid: exit code 0, or 6')
      if [[ $words[CURRENT] == -* ]]; then _arguments -s -S $globals; else _describe command verbs; fi ;;
    'scope')
      verbs=(
        'create:add something that tokens may be allowed'
        'list:list scopes by group and name'
        'show:show one scope'
        'update:change a scope'\''s description, group or kind'
        'delete:delete a scope that no client and no live token has')
      if [[ $words[CURRENT] == -* ]]; then _arguments -s -S $globals; else _describe command verbs; fi ;;
    'user')
      verbs=(
        'create:add a person'
        'list:list people by username'
        'show:show one person'
        'update:change a person'\''s names or e-mail'
        'set-password:set a person'\''s password'
        'reset-link:make a one-time URL on which a person sets a password'
        'enable:let a disabled person in again'
        'disable:keep a person out; their tokens and clients are inactive until they are enabled'
        'delete:delete a person with their clients and tokens')
      if [[ $words[CURRENT] == -* ]]; then _arguments -s -S $globals; else _describe command verbs; fi ;;
    'token')
      verbs=(
        'create:make a personal token'
        'list:list tokens, newest first'
        'show:show one token, by its id or name'
        'update:change a personal token'\''s name or scope'
        'rotate:replace a personal token by a new one of the same name, scope and life'
        'extend:let a personal token end later, or sooner'
        'revoke:end tokens for good'
        'verify:tell whether a token is good: exit code 0, 6 (inactive) or 7 (lacks the scope or the audience)'
        'inspect:tell a token'\''s kind from its text alone')
      if [[ $words[CURRENT] == -* ]]; then _arguments -s -S $globals; else _describe command verbs; fi ;;
    'grant')
      verbs=(
        'list:list what people allowed applications, newest first'
        'show:show what one person allowed one application'
        'revoke:take back what a person allowed an application, with all tokens that it got')
      if [[ $words[CURRENT] == -* ]]; then _arguments -s -S $globals; else _describe command verbs; fi ;;
    'session')
      verbs=(
        'list:list the browsers in which people are signed in, newest first'
        'revoke:sign a browser out')
      if [[ $words[CURRENT] == -* ]]; then _arguments -s -S $globals; else _describe command verbs; fi ;;
    'key')
      verbs=(
        'list:list the keys that tokens are signed with, newest first'
        'rotate:sign with a new key from the next token on'
        'retire:end a key and every token that it signed, now'
        'export:print public keys, or a private one'
        'rewrap:encrypt all that is sealed anew, under the server'\''s present key')
      if [[ $words[CURRENT] == -* ]]; then _arguments -s -S $globals; else _describe command verbs; fi ;;
    'provider')
      verbs=(
        'create:let people sign in with an account that they have elsewhere'
        'list:list the providers by name'
        'show:show one provider, with all that its preset says'
        'update:change a provider'
        'enable:let people sign in with a disabled provider again'
        'disable:stop signing in with a provider; linked accounts stay for when it is enabled'
        'delete:delete a provider with the accounts that are linked by it')
      if [[ $words[CURRENT] == -* ]]; then _arguments -s -S $globals; else _describe command verbs; fi ;;
    'account')
      verbs=(
        'list:list the accounts elsewhere that are linked to users, by user'
        'unlink:take away an account that is linked to a user, with its tokens'
        'token:print an access token with which to act for a user elsewhere, a fresh one where it must be')
      if [[ $words[CURRENT] == -* ]]; then _arguments -s -S $globals; else _describe command verbs; fi ;;
    'explain')
      verbs=(
        'authorize:tell which check would refuse an authorization request, and why'
        'token:tell which check would refuse a token request, and why')
      if [[ $words[CURRENT] == -* ]]; then _arguments -s -S $globals; else _describe command verbs; fi ;;
    'flow')
      verbs=(
        'client-credentials:get a token for the client itself, from any OAuth 2.0 server'
        'code:sign in with a browser, at any OAuth 2.0 server'
        'device:sign in on another device, at any OAuth 2.0 server'
        'refresh:exchange a refresh token at any OAuth 2.0 server')
      if [[ $words[CURRENT] == -* ]]; then _arguments -s -S $globals; else _describe command verbs; fi ;;
    'audit')
      verbs=(
        'list:list who changed what, oldest first')
      if [[ $words[CURRENT] == -* ]]; then _arguments -s -S $globals; else _describe command verbs; fi ;;
    'db')
      verbs=(
        'migrate:bring the database'\''s schema up to date'
        'status:show where the database is, how big, and which schema it has'
        'check:look for damage in the database: exit code 0, or 1 with a list of problems'
        'prune:delete what expired or was revoked long ago'
        'copy:move a deployment to another database')
      if [[ $words[CURRENT] == -* ]]; then _arguments -s -S $globals; else _describe command verbs; fi ;;
    'config')
      verbs=(
        'show:show every setting with its value and where that comes from'
        'check:look for mistakes in the settings: exit code 0, or 5 with a list of problems')
      if [[ $words[CURRENT] == -* ]]; then _arguments -s -S $globals; else _describe command verbs; fi ;;
    'completion')
      verbs=(
        'bash:print the completion script for bash'
        'zsh:print the completion script for zsh'
        'fish:print the completion script for fish')
      if [[ $words[CURRENT] == -* ]]; then _arguments -s -S $globals; else _describe command verbs; fi ;;
    'init')
      _arguments -s -S $globals \
        '--issuer=[the server'\''s public address, stored for oauth2d]:URL: ' \
        '--if-not-exists[take a database that is there as it is]' ;;
    'client create')
      _arguments -s -S $globals \
        '--id=[its client_id, else 32 random characters]:ID: ' \
        '--public[it cannot keep a secret\: an app on a phone or in a browser]' \
        '--no-public[it cannot keep a secret\: an app on a phone or in a browser]' \
        '*--grant=[authorization_code, implicit, refresh_token, client_credentials, password, device_code]:GRANT:(authorization_code implicit refresh_token client_credentials password device_code)' \
        '*--response-type=[code, token; else what the grants need]:TYPE:(code token)' \
        '*--redirect-uri=[where users come back to; compared exactly]:URI: ' \
        '*--scope=[what it may ask for]:SCOPE:{_oauth2ctl_names scope}' \
        '*--default-scope=[what it gets when it asks for nothing]:SCOPE:{_oauth2ctl_names scope}' \
        '--auth-method=[client_secret_basic, client_secret_post, none]:METHOD:(client_secret_basic client_secret_post none)' \
        '--description=[shown to users when they are asked for consent]:TEXT: ' \
        '--website=[its home page]:URL: ' \
        '--owner=[the user it belongs to]:USER:{_oauth2ctl_names user}' \
        '--internal[it may have internal scopes]' \
        '--no-internal[it may have internal scopes]' \
        '--access-token-ttl=[how long its access tokens live; else as the server'\''s setting says]:DURATION: ' \
        '--refresh-token-ttl=[how long its refresh tokens live; else as the server'\''s setting says]:DURATION: ' \
        '--introspect=[whose tokens it may look at\: any, audience or own]:WHOSE:(any audience own)' \
        '--access-token-format=[opaque\: only this server can read its access tokens; jwt\: signed ones (RFC 9068)]:FORMAT:(opaque jwt)' \
        '--signing-alg=[EdDSA, ES256 or RS256\: of its tokens, else the server'\''s; of introspection for it, else RS256]:ALG:(EdDSA ES256 RS256)' \
        '*--resource=[an API that its tokens may be for, where it asks for that (RFC 8707)]:URI: ' \
        '*--audience=[an API that it is itself\: it may introspect tokens that are for it]:URI: ' \
        '--skip-consent[first-party\: users are not asked for consent]' \
        '--no-skip-consent[first-party\: users are not asked for consent]' \
        '--require-par[only authorization requests that it pushed before count (RFC 9126)]' \
        '--no-require-par[only authorization requests that it pushed before count (RFC 9126)]' \
        '--secret-from=[a secret of your own, 32 characters or more\: -, env\:NAME or file\:PATH]:SOURCE:_oauth2ctl_source' \
        '--secret-out=[write the new secret to a fresh file of mode 0600]:file\:PATH:_oauth2ctl_destination' \
        '--if-not-exists[take one that is there as it is\: changed is false then]' \
        '--upsert[make one that is there as asked; what is not named is left alone]' \
        ':NAME: ' ;;
    'client list')
      _arguments -s -S $globals \
        '--owner=[only this user'\''s]:USER:{_oauth2ctl_names user}' \
        '--grant=[only those with this grant]:GRANT:(authorization_code implicit refresh_token client_credentials password device_code)' \
        '--disabled[only disabled ones]' ;;
    'client show')
      _arguments -s -S $globals \
        ':ID:{_oauth2ctl_names client}' ;;
    'client update')
      _arguments -s -S $globals \
        '--name=[another name]:NAME: ' \
        '--public[it cannot keep a secret\: an app on a phone or in a browser]' \
        '--no-public[it cannot keep a secret\: an app on a phone or in a browser]' \
        '*--grant=[authorization_code, implicit, refresh_token, client_credentials, password, device_code]:GRANT:(authorization_code implicit refresh_token client_credentials password device_code)' \
        '*--response-type=[code, token; else what the grants need]:TYPE:(code token)' \
        '*--redirect-uri=[where users come back to; compared exactly]:URI: ' \
        '*--scope=[what it may ask for]:SCOPE:{_oauth2ctl_names scope}' \
        '*--default-scope=[what it gets when it asks for nothing]:SCOPE:{_oauth2ctl_names scope}' \
        '--auth-method=[client_secret_basic, client_secret_post, none]:METHOD:(client_secret_basic client_secret_post none)' \
        '--description=[shown to users when they are asked for consent]:TEXT: ' \
        '--website=[its home page]:URL: ' \
        '--owner=[the user it belongs to]:USER:{_oauth2ctl_names user}' \
        '--internal[it may have internal scopes]' \
        '--no-internal[it may have internal scopes]' \
        '--access-token-ttl=[how long its access tokens live; else as the server'\''s setting says]:DURATION: ' \
        '--refresh-token-ttl=[how long its refresh tokens live; else as the server'\''s setting says]:DURATION: ' \
        '--introspect=[whose tokens it may look at\: any, audience or own]:WHOSE:(any audience own)' \
        '--access-token-format=[opaque\: only this server can read its access tokens; jwt\: signed ones (RFC 9068)]:FORMAT:(opaque jwt)' \
        '--signing-alg=[EdDSA, ES256 or RS256\: of its tokens, else the server'\''s; of introspection for it, else RS256]:ALG:(EdDSA ES256 RS256)' \
        '*--resource=[an API that its tokens may be for, where it asks for that (RFC 8707)]:URI: ' \
        '*--audience=[an API that it is itself\: it may introspect tokens that are for it]:URI: ' \
        '--skip-consent[first-party\: users are not asked for consent]' \
        '--no-skip-consent[first-party\: users are not asked for consent]' \
        '--require-par[only authorization requests that it pushed before count (RFC 9126)]' \
        '--no-require-par[only authorization requests that it pushed before count (RFC 9126)]' \
        ':ID:{_oauth2ctl_names client}' ;;
    'client enable')
      _arguments -s -S $globals \
        ':ID:{_oauth2ctl_names client}' ;;
    'client disable')
      _arguments -s -S $globals \
        ':ID:{_oauth2ctl_names client}' ;;
    'client delete')
      _arguments -s -S $globals \
        ':ID:{_oauth2ctl_names client}' ;;
    'client secret add')
      _arguments -s -S $globals \
        '--expires-in=[how long it is valid; else, or with never, for ever]:DURATION: ' \
        '--secret-out=[write it to a fresh file of mode 0600]:file\:PATH:_oauth2ctl_destination' \
        ':ID:{_oauth2ctl_names client}' ;;
    'client secret list')
      _arguments -s -S $globals \
        ':ID:{_oauth2ctl_names client}' ;;
    'client secret revoke')
      _arguments -s -S $globals \
        ':ID:{_oauth2ctl_names client}' \
        ':SECRET_ID: ' ;;
    'client secret verify')
      _arguments -s -S $globals \
        '--secret-from=[-, env\:NAME or file\:PATH; else asked for]:SOURCE:_oauth2ctl_source' \
        ':ID:{_oauth2ctl_names client}' ;;
    'client rotate-secret')
      _arguments -s -S $globals \
        '--overlap=[how long the old ones stay valid; else they end now]:DURATION: ' \
        '--secret-out=[write the new one to a fresh file of mode 0600]:file\:PATH:_oauth2ctl_destination' \
        ':ID:{_oauth2ctl_names client}' ;;
    'scope create')
      _arguments -s -S $globals \
        '--description=[shown to users when they are asked for consent]:TEXT: ' \
        '--group=[scopes of one group stand together]:GROUP: ' \
        '--internal[for internal clients only, never offered to users]' \
        '--no-internal[for internal clients only, never offered to users]' \
        '--default[for clients that are registered without any scope]' \
        '--no-default[for clients that are registered without any scope]' \
        '--if-not-exists[take one that is there as it is\: changed is false then]' \
        '--upsert[make one that is there as asked; what is not named is left alone]' \
        ':NAME: ' ;;
    'scope list')
      _arguments -s -S $globals ;;
    'scope show')
      _arguments -s -S $globals \
        ':NAME:{_oauth2ctl_names scope}' ;;
    'scope update')
      _arguments -s -S $globals \
        '--description=[shown to users when they are asked for consent]:TEXT: ' \
        '--group=[scopes of one group stand together]:GROUP: ' \
        '--internal[for internal clients only, never offered to users]' \
        '--no-internal[for internal clients only, never offered to users]' \
        '--default[for clients that are registered without any scope]' \
        '--no-default[for clients that are registered without any scope]' \
        ':NAME:{_oauth2ctl_names scope}' ;;
    'scope delete')
      _arguments -s -S $globals \
        ':NAME:{_oauth2ctl_names scope}' ;;
    'user create')
      _arguments -s -S $globals \
        '--email=[one may sign in with it too]:ADDRESS: ' \
        '--email-verified[the address is known to be the user'\''s]' \
        '--no-email-verified[the address is known to be the user'\''s]' \
        '--name=[the full name]:NAME: ' \
        '--password-from=[-, env\:NAME or file\:PATH; else asked for]:SOURCE:_oauth2ctl_source' \
        '--no-password[no sign-in by password]' \
        '--if-not-exists[take one that is there as it is\: changed is false then]' \
        '--upsert[make one that is there as asked; what is not named is left alone]' \
        ':USERNAME: ' ;;
    'user list')
      _arguments -s -S $globals ;;
    'user show')
      _arguments -s -S $globals \
        ':USER:{_oauth2ctl_names user}' ;;
    'user update')
      _arguments -s -S $globals \
        '--username=[another username]:USERNAME: ' \
        '--email=[one may sign in with it too]:ADDRESS: ' \
        '--email-verified[the address is known to be the user'\''s]' \
        '--no-email-verified[the address is known to be the user'\''s]' \
        '--name=[the full name]:NAME: ' \
        ':USER:{_oauth2ctl_names user}' ;;
    'user set-password')
      _arguments -s -S $globals \
        '--password-from=[-, env\:NAME or file\:PATH; else asked for]:SOURCE:_oauth2ctl_source' \
        ':USER:{_oauth2ctl_names user}' ;;
    'user reset-link')
      _arguments -s -S $globals \
        '--expires-in=[how long the link works; else a day]:DURATION: ' \
        ':USER:{_oauth2ctl_names user}' ;;
    'user enable')
      _arguments -s -S $globals \
        ':USER:{_oauth2ctl_names user}' ;;
    'user disable')
      _arguments -s -S $globals \
        ':USER:{_oauth2ctl_names user}' ;;
    'user delete')
      _arguments -s -S $globals \
        ':USER:{_oauth2ctl_names user}' ;;
    'token create')
      _arguments -s -S $globals \
        '--user=[whose it is]:USER:{_oauth2ctl_names user}' \
        '--name=[unique among the user'\''s tokens]:NAME: ' \
        '*--scope=[what it may do]:SCOPE:{_oauth2ctl_names scope}' \
        '--expires-in=[how long it is valid; else, or with never, for ever]:DURATION: ' \
        '--internal[not on the user'\''s own pages; may have internal scopes]' \
        '--secret-out=[write the token to a fresh file of mode 0600]:file\:PATH:_oauth2ctl_destination' \
        '--if-not-exists[take one that is there as it is\: changed is false then]' \
        '--upsert[make one that is there as asked; what is not named is left alone]' ;;
    'token list')
      _arguments -s -S $globals \
        '--user=[only this user'\''s]:USER:{_oauth2ctl_names user}' \
        '--client=[only this client'\''s]:CLIENT:{_oauth2ctl_names client}' \
        '--kind=[personal, access or refresh]:KIND:(personal access refresh)' \
        '--scope=[only those with this scope]:SCOPE:{_oauth2ctl_names scope}' \
        '--expiring=[only those that end within this time]:DURATION: ' \
        '--unused=[only those that were not used for this long]:DURATION: ' \
        '--all[revoked and expired ones too]' ;;
    'token show')
      _arguments -s -S $globals \
        ':ID:{_oauth2ctl_names token}' ;;
    'token update')
      _arguments -s -S $globals \
        '--name=[another name]:NAME: ' \
        '*--scope=[what it may do from now on]:SCOPE:{_oauth2ctl_names scope}' \
        ':ID:{_oauth2ctl_names token}' ;;
    'token rotate')
      _arguments -s -S $globals \
        '--overlap=[how long the old one stays valid; else it ends now]:DURATION: ' \
        '--secret-out=[write the token to a fresh file of mode 0600]:file\:PATH:_oauth2ctl_destination' \
        ':ID:{_oauth2ctl_names token}' ;;
    'token extend')
      _arguments -s -S $globals \
        '--expires-in=[how long it is valid from now on, or never\: for ever]:DURATION: ' \
        ':ID:{_oauth2ctl_names token}' ;;
    'token revoke')
      _arguments -s -S $globals \
        '--user=[all of this user]:USER:{_oauth2ctl_names user}' \
        '--client=[all of this client]:CLIENT:{_oauth2ctl_names client}' \
        '--scope=[all with this scope]:SCOPE:{_oauth2ctl_names scope}' \
        '--before=[all made before\: RFC 3339 or a duration ago]:TIME: ' \
        '--leaked=[the raw tokens in this file, or -, one a line]:FILE:_files' \
        '*:ID:{_oauth2ctl_names token}' ;;
    'token verify')
      _arguments -s -S $globals \
        '*--scope=[words that it must all have; of several --scope one is enough]:SCOPES:{_oauth2ctl_names scope}' \
        '--audience=[the API that it must be meant for (RFC 8707)]:URI: ' \
        '--token-from=[-, env\:NAME or file\:PATH; else asked for]:SOURCE:_oauth2ctl_source' ;;
    'token inspect')
      _arguments -s -S $globals \
        '--token-from=[-, env\:NAME or file\:PATH; else asked for]:SOURCE:_oauth2ctl_source' ;;
    'grant list')
      _arguments -s -S $globals \
        '--user=[only what this user allowed]:USER:{_oauth2ctl_names user}' \
        '--client=[only what this client was allowed]:CLIENT:{_oauth2ctl_names client}' ;;
    'grant show')
      _arguments -s -S $globals \
        ':ID:{_oauth2ctl_names grant}' ;;
    'grant revoke')
      _arguments -s -S $globals \
        '--user=[all that this user allowed]:USER:{_oauth2ctl_names user}' \
        '--client=[all that this client was allowed]:CLIENT:{_oauth2ctl_names client}' \
        ':ID:{_oauth2ctl_names grant}' ;;
    'session list')
      _arguments -s -S $globals \
        '--user=[only this user'\''s]:USER:{_oauth2ctl_names user}' \
        '--all[revoked and expired ones, and browsers where nobody signed in, too]' ;;
    'session revoke')
      _arguments -s -S $globals \
        '--user=[all of this user]:USER:{_oauth2ctl_names user}' \
        ':ID:{_oauth2ctl_names session}' ;;
    'key list')
      _arguments -s -S $globals ;;
    'key rotate')
      _arguments -s -S $globals \
        '--alg=[EdDSA, ES256 or RS256\: what tokens are signed with from now on; else as before]:ALGORITHM:(EdDSA ES256 RS256)' \
        '--overlap=[how long the old key stays published; else until what it signed has expired]:DURATION: ' ;;
    'key retire')
      _arguments -s -S $globals \
        ':KID:{_oauth2ctl_names key}' ;;
    'key export')
      _arguments -s -S $globals \
        '--public[what everybody may have\: the JWK Set of /oauth/jwks, or of KID alone]' \
        '--pem[with --public\: one key as PEM, for programs that want a file]' \
        ':KID:{_oauth2ctl_names key}' ;;
    'key rewrap')
      _arguments -s -S $globals \
        '--old-key-from=[the server'\''s key of before, where it was changed\: -, env\:NAME or file\:PATH]:SOURCE:_oauth2ctl_source' ;;
    'provider create')
      _arguments -s -S $globals \
        '--preset=[which service it is, see above]:PRESET:(github orcid orcid-sandbox google gitlab keycloak cern globus oidc oauth2 oauth1)' \
        '--client-id=[the client id that this server was given there]:ID: ' \
        '--secret-from=[the secret that it was given, of any length\: -, env\:NAME or file\:PATH; else asked for]:SOURCE:_oauth2ctl_source' \
        '--issuer=[its issuer\: where OpenID Connect discovery begins]:URL: ' \
        '--authorize-url=[where people are sent to sign in]:URL: ' \
        '--token-url=[where a code becomes a token]:URL: ' \
        '--userinfo-url=[where it says who signed in]:URL: ' \
        '--emails-url=[github\: where the list of e-mail addresses is; else the userinfo URL + /emails]:URL: ' \
        '--request-token-url=[oauth1\: where temporary credentials come from]:URL: ' \
        '--signature-method=[oauth1\: HMAC-SHA1, or PLAINTEXT over https]:METHOD:(HMAC-SHA1 PLAINTEXT)' \
        '*--scope=[what to ask for there, in the place of what the preset says]:SCOPE: ' \
        '--title=[on its button]:TEXT: ' \
        '--description=[under its name on the page of linked accounts]:TEXT: ' \
        '--icon=[PNG, SVG, ICO or WebP of 32 kB or less; "" takes it away]:FILE:_files' \
        '--hidden[no button, and nobody can sign in with it]' \
        '--no-hidden[no button, and nobody can sign in with it]' \
        '--link-only[people who are signed in link an account for its tokens; nobody signs in with it]' \
        '--no-link-only[people who are signed in link an account for its tokens; nobody signs in with it]' \
        '--signup=[who is new becomes a user at once (auto, the default), after a form (ask), or not (off)]:HOW:(auto ask off)' \
        '--trust-email[an e-mail that it verified signs in the user here who has it]' \
        '--no-trust-email[an e-mail that it verified signs in the user here who has it]' \
        '--if-not-exists[take one that is there as it is\: changed is false then]' \
        '--upsert[make one that is there as asked; what is not named is left alone]' \
        ':NAME: ' ;;
    'provider list')
      _arguments -s -S $globals ;;
    'provider show')
      _arguments -s -S $globals \
        ':NAME:{_oauth2ctl_names provider}' ;;
    'provider update')
      _arguments -s -S $globals \
        '--client-id=[the client id that this server was given there]:ID: ' \
        '--secret-from=[the secret that it was given, of any length\: -, env\:NAME or file\:PATH; else asked for]:SOURCE:_oauth2ctl_source' \
        '--issuer=[its issuer\: where OpenID Connect discovery begins]:URL: ' \
        '--authorize-url=[where people are sent to sign in]:URL: ' \
        '--token-url=[where a code becomes a token]:URL: ' \
        '--userinfo-url=[where it says who signed in]:URL: ' \
        '--emails-url=[github\: where the list of e-mail addresses is; else the userinfo URL + /emails]:URL: ' \
        '--request-token-url=[oauth1\: where temporary credentials come from]:URL: ' \
        '--signature-method=[oauth1\: HMAC-SHA1, or PLAINTEXT over https]:METHOD:(HMAC-SHA1 PLAINTEXT)' \
        '*--scope=[what to ask for there, in the place of what the preset says]:SCOPE: ' \
        '--title=[on its button]:TEXT: ' \
        '--description=[under its name on the page of linked accounts]:TEXT: ' \
        '--icon=[PNG, SVG, ICO or WebP of 32 kB or less; "" takes it away]:FILE:_files' \
        '--hidden[no button, and nobody can sign in with it]' \
        '--no-hidden[no button, and nobody can sign in with it]' \
        '--link-only[people who are signed in link an account for its tokens; nobody signs in with it]' \
        '--no-link-only[people who are signed in link an account for its tokens; nobody signs in with it]' \
        '--signup=[who is new becomes a user at once (auto, the default), after a form (ask), or not (off)]:HOW:(auto ask off)' \
        '--trust-email[an e-mail that it verified signs in the user here who has it]' \
        '--no-trust-email[an e-mail that it verified signs in the user here who has it]' \
        ':NAME:{_oauth2ctl_names provider}' ;;
    'provider enable')
      _arguments -s -S $globals \
        ':NAME:{_oauth2ctl_names provider}' ;;
    'provider disable')
      _arguments -s -S $globals \
        ':NAME:{_oauth2ctl_names provider}' ;;
    'provider delete')
      _arguments -s -S $globals \
        ':NAME:{_oauth2ctl_names provider}' ;;
    'account list')
      _arguments -s -S $globals \
        '--user=[only this user'\''s]:USER:{_oauth2ctl_names user}' \
        '--provider=[only those at this provider]:NAME:{_oauth2ctl_names provider}' ;;
    'account unlink')
      _arguments -s -S $globals \
        ':ID:{_oauth2ctl_names account}' ;;
    'account token')
      _arguments -s -S $globals \
        ':ID:{_oauth2ctl_names account}' ;;
    'explain authorize')
      _arguments -s -S $globals \
        '--client=[the client that asks]:CLIENT:{_oauth2ctl_names client}' \
        '*--scope=[what it asks for; else nothing is said of it]:SCOPE:{_oauth2ctl_names scope}' \
        '*--resource=[the API that it asks for (RFC 8707)]:URI: ' \
        '--redirect-uri=[where it wants the answer]:URI: ' \
        '--response-type=[code or token]:TYPE:(code token)' \
        '--response-mode=[query or fragment]:MODE:(query fragment)' \
        '--state=[what it wants back]:TEXT: ' \
        '--code-challenge=[of PKCE (RFC 7636)]:TEXT: ' \
        '--code-challenge-method=[S256]:METHOD:(S256)' \
        '--pushed[as if the client had pushed it (RFC 9126)]' \
        '--url=[the whole request as the browser sends it, instead of the other flags]:URL: ' ;;
    'explain token')
      _arguments -s -S $globals \
        '--client=[the client that asks]:CLIENT:{_oauth2ctl_names client}' \
        '*--scope=[what it asks for; else nothing is said of it]:SCOPE:{_oauth2ctl_names scope}' \
        '*--resource=[the API that it asks for (RFC 8707)]:URI: ' \
        '--grant=[the grant_type]:GRANT:(authorization_code implicit refresh_token client_credentials password device_code)' \
        '--auth-method=[how it authenticates; else as it is registered for]:METHOD:(client_secret_basic client_secret_post none)' ;;
    'flow client-credentials')
      _arguments -s -S $globals \
        '--issuer=[the server; else the setting '\''issuer'\'', else what '\''init'\'' stored]:URL: ' \
        '--client-id=[who asks; else OAUTH2_CLIENT_ID]:ID:{_oauth2ctl_names client}' \
        '--client=[the same as --client-id]:ID:{_oauth2ctl_names client}' \
        '--secret-from=[its secret\: -, env\:NAME or file\:PATH; else OAUTH2_CLIENT_SECRET; else none, a public client]:SOURCE:_oauth2ctl_source' \
        '--auth-method=[client_secret_basic, client_secret_post or none; else what fits]:METHOD:(client_secret_basic client_secret_post none)' \
        '*--scope=[what to ask for]:SCOPES:{_oauth2ctl_names scope}' \
        '*--resource=[for which API the token is (RFC 8707)]:URI: ' \
        '--ca-file=[certificates (PEM) to trust instead of the system'\''s]:FILE:_files' \
        '--header[print only '\''Authorization\: Bearer TOKEN'\'', as curl -H takes it]' \
        '--bare[print only the access token]' ;;
    'flow code')
      _arguments -s -S $globals \
        '--issuer=[the server; else the setting '\''issuer'\'', else what '\''init'\'' stored]:URL: ' \
        '--client-id=[who asks; else OAUTH2_CLIENT_ID]:ID:{_oauth2ctl_names client}' \
        '--client=[the same as --client-id]:ID:{_oauth2ctl_names client}' \
        '--secret-from=[its secret\: -, env\:NAME or file\:PATH; else OAUTH2_CLIENT_SECRET; else none, a public client]:SOURCE:_oauth2ctl_source' \
        '--auth-method=[client_secret_basic, client_secret_post or none; else what fits]:METHOD:(client_secret_basic client_secret_post none)' \
        '*--scope=[what to ask for]:SCOPES:{_oauth2ctl_names scope}' \
        '*--resource=[for which API the token is (RFC 8707)]:URI: ' \
        '--ca-file=[certificates (PEM) to trust instead of the system'\''s]:FILE:_files' \
        '--header[print only '\''Authorization\: Bearer TOKEN'\'', as curl -H takes it]' \
        '--bare[print only the access token]' \
        '--redirect-uri=[where the browser brings the answer; else http\://127.0.0.1\:PORT/callback]:URI: ' \
        '--port=[the port to listen on; else any that is free]:N: ' \
        '--timeout=[how long to wait for the browser; else 5m]:DURATION: ' \
        '--par[push the request first (RFC 9126), also where the server does not insist]' \
        '--open[open the browser with xdg-open]' ;;
    'flow device')
      _arguments -s -S $globals \
        '--issuer=[the server; else the setting '\''issuer'\'', else what '\''init'\'' stored]:URL: ' \
        '--client-id=[who asks; else OAUTH2_CLIENT_ID]:ID:{_oauth2ctl_names client}' \
        '--client=[the same as --client-id]:ID:{_oauth2ctl_names client}' \
        '--secret-from=[its secret\: -, env\:NAME or file\:PATH; else OAUTH2_CLIENT_SECRET; else none, a public client]:SOURCE:_oauth2ctl_source' \
        '--auth-method=[client_secret_basic, client_secret_post or none; else what fits]:METHOD:(client_secret_basic client_secret_post none)' \
        '*--scope=[what to ask for]:SCOPES:{_oauth2ctl_names scope}' \
        '*--resource=[for which API the token is (RFC 8707)]:URI: ' \
        '--ca-file=[certificates (PEM) to trust instead of the system'\''s]:FILE:_files' \
        '--header[print only '\''Authorization\: Bearer TOKEN'\'', as curl -H takes it]' \
        '--bare[print only the access token]' ;;
    'flow refresh')
      _arguments -s -S $globals \
        '--issuer=[the server; else the setting '\''issuer'\'', else what '\''init'\'' stored]:URL: ' \
        '--client-id=[who asks; else OAUTH2_CLIENT_ID]:ID:{_oauth2ctl_names client}' \
        '--client=[the same as --client-id]:ID:{_oauth2ctl_names client}' \
        '--secret-from=[its secret\: -, env\:NAME or file\:PATH; else OAUTH2_CLIENT_SECRET; else none, a public client]:SOURCE:_oauth2ctl_source' \
        '--auth-method=[client_secret_basic, client_secret_post or none; else what fits]:METHOD:(client_secret_basic client_secret_post none)' \
        '*--scope=[what to ask for]:SCOPES:{_oauth2ctl_names scope}' \
        '*--resource=[for which API the token is (RFC 8707)]:URI: ' \
        '--ca-file=[certificates (PEM) to trust instead of the system'\''s]:FILE:_files' \
        '--header[print only '\''Authorization\: Bearer TOKEN'\'', as curl -H takes it]' \
        '--bare[print only the access token]' \
        '--refresh-token-from=[-, env\:NAME or file\:PATH; else asked for]:SOURCE:_oauth2ctl_source' ;;
    'audit list')
      _arguments -s -S $globals \
        '--since=[only what is newer\: a duration ago or RFC 3339]:TIME: ' \
        '--actor=[only what this one did\: os\:root, or root]:ACTOR: ' \
        '--object=[only what was done to it\: client\:ID, user\:ID, token\:ID …]:OBJECT: ' \
        '--follow[go on printing what comes, until interrupted]' ;;
    'db migrate')
      _arguments -s -S $globals ;;
    'db status')
      _arguments -s -S $globals ;;
    'db check')
      _arguments -s -S $globals ;;
    'db prune')
      _arguments -s -S $globals \
        '--older=[dead for longer than this; else the setting prune.after]:DURATION: ' ;;
    'db copy')
      _arguments -s -S $globals \
        '--from=[the database to copy, on the newest schema; or env\:NAME, file\:PATH with its URL]:URL:_files' \
        '--to=[where to, likewise\: made if it is missing, else it must be empty]:URL:_files' ;;
    'config show')
      _arguments -s -S $globals ;;
    'config check')
      _arguments -s -S $globals ;;
    'completion bash')
      _arguments -s -S $globals ;;
    'completion zsh')
      _arguments -s -S $globals ;;
    'completion fish')
      _arguments -s -S $globals ;;
    'version')
      _arguments -s -S $globals ;;
  esac
}

if [[ $funcstack[1] == _oauth2ctl ]]; then _oauth2ctl "$@"; else compdef _oauth2ctl oauth2ctl; fi
