// Stands in for the driver where libpqxx was not there when the program was built.
#include "core/db/postgres.h"

namespace oauth2::db {

std::unique_ptr<Connection> open_postgres(const std::string&, const PostgresOptions&) {
  throw Error(Error::Kind::unreachable, "this build has no PostgreSQL",
              "build it with libpqxx and -DOAUTH2_POSTGRESQL=ON, or use sqlite:PATH");
}

}  // namespace oauth2::db
