#include "core/admin/turn.h"

#include <fmt/format.h>

#include "core/crypto/random.h"
#include "core/store/deployment.h"

namespace oauth2::admin {
namespace {

constexpr std::int64_t term = 30;  // seconds that a turn lasts when it is not renewed

// Sorts as the number does.
std::string digits(std::int64_t seconds) { return fmt::format("{:012}", seconds); }

}  // namespace

Turn::Turn(db::Database& db, std::string chore, std::int64_t interval)
    : db_(&db), name_("turn:" + std::move(chore)), interval_(interval), owner_(crypto::random_base62(10)) {}

std::string Turn::value_until(std::int64_t until) const { return digits(until) + ' ' + owner_; }

std::optional<Turn> Turn::take(db::Database& db, const std::string& chore, std::int64_t now,
                               std::int64_t interval) {
  Turn turn(db, chore, interval);
  const std::string low = digits(now);
  const std::string high = digits(now + std::max(interval, term) + term);  // a clock was wrong: not believed
  const auto there = db.read_latest(
      [&](db::Connection& connection) { return store::find_deployment_value(connection, turn.name_); });
  if (there && *there >= low && *there <= high) return std::nullopt;  // mostly so: a look costs no write
  turn.until_ = now + term;
  turn.held_ = turn.value_until(turn.until_);
  const bool taken = db.write([&](db::Connection& connection) {
    return store::claim_deployment_value(connection, turn.name_, turn.held_, low, high);
  });
  return taken ? std::optional(std::move(turn)) : std::nullopt;
}

bool Turn::change(const std::string& value) {
  const bool ours = db_->write([&](db::Connection& connection) {
    return store::exchange_deployment_value(connection, name_, held_, value);
  });
  if (ours) held_ = value;
  return ours;
}

bool Turn::keep(std::int64_t now) {
  if (now < until_ - term / 2) return true;
  if (!change(value_until(now + term))) return false;
  until_ = now + term;
  return true;
}

void Turn::finish(std::int64_t now) { change(value_until(now + interval_)); }

void Turn::give_up() { change(value_until(0)); }

}  // namespace oauth2::admin
