#pragma once

#include "core/admin/context.h"
#include "core/settings.h"
#include "tests/support.h"

// An administrator at work on a database of their own, at the time 1000.
struct AdminFixture {
  TestDatabase database;
  oauth2::Settings settings;
  oauth2::admin::Context context{*database, settings, 1000, "os:me", {}, {}, {}};
};
