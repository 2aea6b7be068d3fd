#include "core/account/user_agent.h"

#include <algorithm>
#include <iterator>

namespace oauth2::account {
namespace {

struct Sign {
  std::string_view sign;
  std::string_view name;
};

// The first that fits counts: most browsers name those that they descend from as well.
constexpr Sign browsers[] = {
    {"Edg/", "Edge"},
    {"EdgA/", "Edge"},
    {"EdgiOS/", "Edge"},
    {"OPR/", "Opera"},
    {"SamsungBrowser/", "Samsung Internet"},
    {"Vivaldi/", "Vivaldi"},
    {"FxiOS/", "Firefox"},
    {"Firefox/", "Firefox"},
    {"CriOS/", "Chrome"},
    {"Chrome/", "Chrome"},
    {"Safari/", "Safari"},
    {"curl/", "curl"},
    {"Wget/", "Wget"},
};
constexpr Sign systems[] = {
    {"iPhone", "iPhone"},   {"iPad", "iPad"},       {"Android", "Android"}, {"CrOS", "ChromeOS"},
    {"Windows", "Windows"}, {"Mac OS X", "macOS"},  {"Macintosh", "macOS"}, {"Linux", "Linux"},
    {"FreeBSD", "FreeBSD"}, {"OpenBSD", "OpenBSD"},
};

template <std::size_t size>
std::string_view first_name(const Sign (&signs)[size], std::string_view user_agent) {
  const auto found = std::find_if(std::begin(signs), std::end(signs), [&](const Sign& each) {
    return user_agent.find(each.sign) != std::string_view::npos;
  });
  return found == std::end(signs) ? std::string_view() : found->name;
}

}  // namespace

Device device_of(std::string_view user_agent) {
  return {first_name(browsers, user_agent), first_name(systems, user_agent)};
}

}  // namespace oauth2::account
