#pragma once

#include <cstddef>
#include <string_view>

#include "core/federation/presets.h"
#include "core/federation/providers.h"

// What a provider may be. All throw admin::Refused.
namespace oauth2::federation {

inline constexpr std::size_t most_icon_bytes = 32'768;

void require_provider_name(std::string_view name);
const Preset& require_preset(std::string_view name);
void require_provider_secret(std::string_view secret);

// `provider` with what `fields` names, the secret apart; judged as a whole.
store::Provider with_fields(store::Provider provider, const ProviderFields& fields);

}  // namespace oauth2::federation
