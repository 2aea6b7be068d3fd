#pragma once

#include <cstdint>
#include <string>

#include "server/visit.h"

// Times as people read them, in UTC and in the page's language.
namespace oauth2::server {

// "22 November 2026"
std::string shown_date(const Visit& visit, std::int64_t at);

// "just now", "3 minutes ago", "6 days ago"; the date of what was a week ago or is still to come.
std::string shown_time_ago(const Visit& visit, std::int64_t at);

// "30 days", of a duration as parse_duration reads it.
std::string shown_duration(const Visit& visit, std::string_view duration);
// "in 30 days", in its largest whole unit, rounded.
std::string shown_time_left(const Visit& visit, std::int64_t at);

// For the partial `time`: what is shown as NAME_at, and the exact time as NAME_datetime.
void set_date(const Visit& visit, View& view, const std::string& name, std::int64_t at);
void set_time_ago(const Visit& visit, View& view, const std::string& name, std::int64_t at);

}  // namespace oauth2::server
