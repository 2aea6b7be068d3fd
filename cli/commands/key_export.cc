#include <fmt/format.h>

#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/json.h"
#include "core/admin/keys.h"
#include "core/crypto/signing.h"
#include "core/text.h"

namespace oauth2::cli {
namespace {

struct Values {
  std::string ref;
  bool is_public = false;
  bool pem = false;
};

store::SigningKey chosen_key(const Values& values, const admin::Context& context) {
  return values.ref.empty() ? admin::require_current_key(context, std::nullopt)
                            : admin::require_key(context, values.ref);
}

std::string public_pem(const store::SigningKey& key) {
  const Record jwk = read_json_object(key.public_jwk);
  const auto member = [&](std::string_view name) {
    const Scalar* value = find_value(jwk, name);
    const std::string* text = value ? std::get_if<std::string>(value) : nullptr;
    return text ? *text : std::string();
  };
  const auto algorithm = crypto::find_signing_algorithm(key.algorithm);
  const auto opened = algorithm ? crypto::PublicKey::from({member("kty"), member("crv"), member("x"),
                                                           member("y"), member("n"), member("e")},
                                                          *algorithm)
                                : std::nullopt;
  if (!opened) throw CommandError(Exit::failed, fmt::format("the key {} is damaged", key.kid));
  return opened->pem();
}

// Of one key, or of all that are published.
std::string public_jwks(const Values& values, const admin::Context& context) {
  std::vector<std::string> jwks;
  if (!values.ref.empty()) {
    jwks.push_back(admin::require_key(context, values.ref).public_jwk);
  } else {
    for (const auto& [key, is_default] : admin::list_keys(context)) {
      if (key.is_published(context.now)) jwks.push_back(key.public_jwk);
    }
  }
  return fmt::format("{{\"keys\":[{}]}}\n", text::join(jwks, ","));
}

Exit run(const Values& values, Console& console) {
  const auto context = console.context();
  if (values.is_public) {
    console.print_text(values.pem ? public_pem(chosen_key(values, context)) : public_jwks(values, context));
    return Exit::done;
  }
  // Who names the form of the public key has forgotten the other flag, and does not mean the private one.
  if (values.pem) throw UsageError("--pem goes with --public: the private key is always PEM");
  const auto key = chosen_key(values, context);
  const std::string pem = admin::export_private_key(context, key.kid);
  if (console.globals().dry_run) return Exit::done;  // what no audit log knows of is not shown
  console.print_text(pem);
  console.note(fmt::format("warning: this is the private key {}: whoever has it can make tokens", key.kid));
  return Exit::done;
}

Action bind(Options& options) {
  const auto values = std::make_shared<Values>();
  options.positional("KID", values->ref, "kid, or its first 6 characters or more; else the one that signs")
      .offers(Offer::key)
      .optional();
  options.on("--public", values->is_public,
             "what everybody may have: the JWK Set of /oauth/jwks, or of KID alone");
  options.on("--pem", values->pem, "with --public: one key as PEM, for programs that want a file");
  return [values](Console& console) { return run(*values, console); };
}

}  // namespace

extern const Command key_export;
const Command key_export = {
    .path = "key export",
    .summary = "print public keys, or a private one",
    .details = "Without --public the private key, as PEM (PKCS #8), which is noted in the audit log.",
    .examples = {{"oauth2ctl key export --public > jwks.json", "for resource servers without a network"},
                 {"oauth2ctl key export --public --pem kPrK_qmx", "for proxies that check JWTs with a file"},
                 {"umask 077; oauth2ctl key export > key.pem", "the private one that signs now"}},
    .bind = bind};

}  // namespace oauth2::cli
