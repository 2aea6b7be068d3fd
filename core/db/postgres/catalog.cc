#include "core/db/postgres/catalog.h"

#include <fmt/format.h>

namespace oauth2::db {
namespace {

// Tables of this schema; those that an extension brought along are nobody's.
constexpr std::string_view our_tables =
    " FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')"
    " AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.classid = 'pg_class'::regclass"
    "                 AND d.deptype = 'e')";

std::string select_tables(std::string_view what, std::string_view rest) {
  return std::string("SELECT ").append(what).append(our_tables).append(rest);
}

}  // namespace

bool postgres_has_table(Connection& connection, std::string_view name) {
  bool found = false;
  connection.run(select_tables("1", " AND c.relname = $1"), {name}, [&](const Row&) { found = true; });
  return found;
}

// A table refers only to tables that were there before it: by oid, unless the database was restored from a
// dump; so by what the foreign keys say.
std::vector<Table> postgres_tables(Connection& connection) {
  std::vector<Table> tables;
  connection.run(
      "WITH RECURSIVE t AS (" +
          select_tables("c.oid, c.relname::text AS name", " AND c.relname <> 'schema_migrations'") +
          "), depth AS (SELECT oid, 0 AS level FROM t"
          "  UNION SELECT k.conrelid, depth.level + 1 FROM depth JOIN pg_constraint k ON k.confrelid = "
          "depth.oid"
          "  WHERE k.contype = 'f' AND k.conrelid <> k.confrelid)"
          " SELECT t.name FROM t JOIN depth ON depth.oid = t.oid GROUP BY t.oid, t.name"
          " ORDER BY max(depth.level), t.oid",
      {}, [&](const Row& row) {
        tables.push_back({row.text(0), {}, {}});
      });
  for (Table& table : tables) {
    connection.run(
        "SELECT column_name::text, data_type = 'bigint' FROM information_schema.columns"
        " WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position",
        {table.name}, [&](const Row& row) {
          table.columns.push_back({row.text(0), row.text(1) == "t"});
        });
    connection.run(
        "SELECT a.attname::text FROM pg_index i CROSS JOIN unnest(i.indkey) WITH ORDINALITY AS k(attnum, "
        "place)"
        " JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum"
        " WHERE i.indisprimary AND i.indrelid = to_regclass(quote_ident($1)) ORDER BY k.place",
        {table.name}, [&](const Row& row) { table.primary_key.push_back(row.text(0)); });
  }
  return tables;
}

std::vector<std::pair<std::string, std::string>> postgres_facts(Connection& connection) {
  std::vector<std::pair<std::string, std::string>> facts;
  connection.run(
      "SELECT 'PostgreSQL ' || current_setting('server_version'),"
      " (SELECT COALESCE(sum(pg_total_relation_size(c.oid)), 0)::bigint" +
          std::string(our_tables) + ")",
      {}, [&](const Row& row) {
        facts.emplace_back("engine", row.text(0));
        facts.emplace_back("size", row.text(1));
      });
  return facts;
}

std::vector<std::string> postgres_check(Connection& connection) {
  std::vector<std::string> problems;
  connection.run(
      "SELECT 'the server has ' || name || ' = off: what was acknowledged may be lost when it crashes'"
      " FROM pg_settings WHERE name IN ('fsync', 'full_page_writes') AND setting = 'off'"
      " UNION ALL SELECT 'the index ' || i.indexrelid::regclass || ' is not valid'" +
          std::string(our_tables.substr(0, our_tables.find(" WHERE"))) +
          " JOIN pg_index i ON i.indrelid = c.oid"
          " WHERE c.relnamespace = current_schema()::regnamespace AND NOT (i.indisvalid AND i.indisready)"
          " UNION ALL SELECT 'the constraint ' || k.conname || ' was never validated' FROM pg_constraint k"
          " WHERE k.connamespace = current_schema()::regnamespace AND NOT k.convalidated"
          " UNION ALL SELECT 'the column ' || table_name || '.' || column_name || ' is not sorted by bytes'"
          " FROM information_schema.columns WHERE table_schema = current_schema() AND data_type = 'text'"
          " AND collation_name IS DISTINCT FROM 'C'"
          " AND table_name IN (SELECT c.relname" +
          std::string(our_tables) + ")",
      {}, [&](const Row& row) { problems.push_back(row.text(0)); });
  return problems;
}

void postgres_judge(Connection& connection, const std::string& place, bool create) {
  const std::int64_t tables = connection.number(select_tables("count(*)", ""));
  if (tables == 0 && create) return;
  if (tables == 0) {
    throw Error(Error::Kind::not_initialised, place + " holds no tables yet", "oauth2ctl init");
  }
  // Others have a table of that name too; ours has these columns. information_schema would hide them from a
  // user without rights, who would then be told the wrong thing.
  const std::int64_t signs = connection.number(
      "SELECT count(*) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
      " WHERE c.relnamespace = current_schema()::regnamespace AND NOT a.attisdropped AND"
      " (c.relname::text, a.attname::text, format_type(a.atttypid, NULL)) IN"
      " (('schema_migrations', 'version', 'bigint'), ('schema_migrations', 'applied_at', 'bigint'),"
      "  ('deployment', 'name', 'text'), ('deployment', 'value', 'text'))");
  if (signs != 4) {
    throw Error(Error::Kind::foreign, place + " holds another program's tables",
                "name the right database with --db, or a schema of its own with "
                "?options=-csearch_path%3DNAME");
  }
}

}  // namespace oauth2::db
