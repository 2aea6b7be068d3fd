#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace oauth2::federation {

// The media type of an image file by its first bytes: PNG, SVG, ICO or WebP; nullopt for anything else. An
// SVG may have scripts in it: it is harmless as an <img>, and only with a policy that allows none otherwise.
std::optional<std::string_view> icon_type(std::string_view bytes);

// The same of what store::Provider::icon holds.
std::optional<std::string_view> stored_icon_type(const std::optional<std::string>& icon);

}  // namespace oauth2::federation
