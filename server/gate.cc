#include "server/gate.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <list>
#include <mutex>
#include <new>
#include <stdexcept>
#include <utility>

#include "server/gate_connection.h"
#include "server/gate_listener.h"

namespace oauth2::server {
namespace {

// Address space, not memory: only touched pages count. Handlers hash, parse and render here.
constexpr std::size_t thread_stack = 512 * 1024;

// Threads that only say 503; beyond them a connection is closed without a word.
constexpr std::size_t max_turned_away = 32;

// accept() failing for want of descriptors or memory leaves the connection in the queue: without a pause the
// loop would spin until somebody lets go of some.
constexpr std::chrono::milliseconds accept_pause{5};

// Whoever came just now is about to send: want of descriptors, perhaps of others' making, is no reason to
// drop it.
constexpr std::chrono::milliseconds settling_time{100};

void raise_file_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
  }
}

std::string to_text(const sockaddr_storage& peer) {
  char text[INET6_ADDRSTRLEN] = "";
  if (peer.ss_family == AF_INET) {
    inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in&>(peer).sin_addr, text, sizeof text);
  } else if (peer.ss_family == AF_INET6) {
    inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6&>(peer).sin6_addr, text, sizeof text);
  }
  return text;
}

// The finalizer of splitmix64: distinct in, distinct out.
std::uint64_t scatter(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}

}  // namespace

struct Gate::State : std::enable_shared_from_this<Gate::State> {
  using Connections = std::list<Connection>;

  // What a thread works on; it keeps the state alive beyond the gate.
  struct Thread {
    std::shared_ptr<State> state;
    Connections* group;
    Connections::iterator position;
  };

  GateContext context;
  std::vector<Listener> listeners;
  int wake = -1;
  std::uint64_t id_seed = 0;
  std::uint64_t accepted = 0;

  std::mutex mutex;  // guards what follows; taken when a connection begins or ends, never for a request
  std::condition_variable ended;
  Connections connections;
  Connections turned_away;
  std::size_t evicted = 0;  // of `connections`, those that are on their way out
  std::size_t threads = 0;

  ~State() {
    if (wake >= 0) close(wake);
  }

  std::string next_id();
  void pause() const;
  void accept_all();
  void accept_from(const Listener& listener);
  void admit(Socket socket, std::string remote_address);
  bool evict_longest_waiting(std::chrono::milliseconds at_least = {});
  void start(Connections& group, Connections& entry);
  static void* thread_main(void* argument);
  void end(Connections& group, Connections::iterator position);
  void drain();
};

std::string Gate::State::next_id() {
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(scatter(id_seed + ++accepted)));
  return text;
}

void Gate::State::pause() const {
  pollfd entry{wake, POLLIN, 0};
  poll(&entry, 1, static_cast<int>(accept_pause.count()));
}

void Gate::State::accept_all() {
  std::vector<pollfd> entries{{wake, POLLIN, 0}};
  for (const Listener& listener : listeners) entries.push_back({listener.descriptor(), POLLIN, 0});
  while (!context.stopping.load()) {
    if (poll(entries.data(), entries.size(), -1) < 0) {
      if (errno != EINTR) pause();
      continue;
    }
    for (std::size_t i = 0; i < listeners.size(); ++i) {
      if (entries[i + 1].revents != 0) accept_from(listeners[i]);
    }
  }
}

// No failure of one accept() may end the listener.
void Gate::State::accept_from(const Listener& listener) {
  while (!context.stopping.load()) {
    sockaddr_storage peer{};
    socklen_t length = sizeof peer;
    const int descriptor =
        accept4(listener.descriptor(), reinterpret_cast<sockaddr*>(&peer), &length, SOCK_CLOEXEC);
    if (descriptor >= 0) {
      Socket socket(descriptor, context.options.idle_deadline);
      try {
        admit(std::move(socket), listener.is_unix() ? std::string() : to_text(peer));
      } catch (const std::bad_alloc&) {
        return pause();
      }
      continue;
    }
    switch (errno) {
      case EAGAIN:
        return;
      case ECONNABORTED:
      case EINTR:
        continue;
      case EMFILE:
        evict_longest_waiting(settling_time);
        return pause();
      default:  // ENFILE, ENOBUFS, ENOMEM, and network errors that accept(2) passes on: they may pass
        return pause();
    }
  }
}

void Gate::State::admit(Socket socket, std::string remote_address) {
  Connections entry;
  entry.emplace_back(context, std::move(socket), std::move(remote_address), next_id());
  bool room = false;
  bool may_turn_away = false;
  {
    const std::lock_guard<std::mutex> lock(mutex);
    room = connections.size() - evicted < context.options.max_connections;
    may_turn_away = turned_away.size() < max_turned_away;
  }
  if (room || evict_longest_waiting()) {
    start(connections, entry);
  } else if (may_turn_away) {
    start(turned_away, entry);
  }
}

bool Gate::State::evict_longest_waiting(std::chrono::milliseconds at_least) {
  const std::lock_guard<std::mutex> lock(mutex);
  for (;;) {
    Connection* longest = nullptr;
    Connection::Clock::time_point earliest = Connection::Clock::now() - at_least;
    for (Connection& connection : connections) {
      const auto since = connection.evictable_since();
      if (since && *since <= earliest) {
        earliest = *since;
        longest = &connection;
      }
    }
    if (longest == nullptr) return false;
    if (longest->evict()) break;  // else its request has just become complete
  }
  ++evicted;
  return true;
}

// If no thread can be had, the entry stays the caller's and closes with it.
void Gate::State::start(Connections& group, Connections& entry) {
  auto thread = std::make_unique<Thread>(Thread{shared_from_this(), &group, entry.begin()});
  {
    const std::lock_guard<std::mutex> lock(mutex);
    group.splice(group.end(), entry);
    ++threads;
  }
  // std::thread cannot be told its stack size, and 1,024 times 8 MB is too much where address space is
  // limited.
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, thread_stack);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_t id{};
  const bool started = pthread_create(&id, &attributes, thread_main, thread.get()) == 0;
  pthread_attr_destroy(&attributes);
  if (started) {
    static_cast<void>(thread.release());
  } else {
    end(group, thread->position);
    pause();
  }
}

void* Gate::State::thread_main(void* argument) {
  const std::unique_ptr<Thread> thread(static_cast<Thread*>(argument));
  State& state = *thread->state;
  if (thread->group == &state.turned_away) {
    thread->position->turn_away();
  } else {
    thread->position->run();
  }
  state.end(*thread->group, thread->position);
  return nullptr;
}

void Gate::State::end(Connections& group, Connections::iterator position) {
  Connections ending;
  {
    const std::lock_guard<std::mutex> lock(mutex);
    if (position->evicted()) --evicted;
    ending.splice(ending.end(), group, position);
  }
  ending.clear();  // out of the lists first: nobody may evict by a descriptor that is closed
  const std::lock_guard<std::mutex> lock(mutex);
  --threads;
  ended.notify_all();
}

// In three steps: silent connections end now, clients that are slow in sending or in taking their answer get
// a quarter of the time, running handlers all of it.
void Gate::State::drain() {
  const auto began = Connection::Clock::now();
  const auto all_ended = [this] { return threads == 0; };
  std::unique_lock<std::mutex> lock(mutex);
  for (Connection& connection : connections) connection.finish_if_silent();
  if (ended.wait_until(lock, began + context.options.drain_deadline / 4, all_ended)) return;
  for (Connection& connection : connections) {
    if (connection.evict()) ++evicted;
  }
  if (ended.wait_until(lock, began + context.options.drain_deadline, all_ended)) return;
  for (Connections* const group : {&connections, &turned_away}) {
    for (Connection& connection : *group) connection.cut();
  }
  ended.wait(lock, all_ended);
}

Gate::Gate(GateOptions options, Handler handler, RefusalHandler on_refusal, std::shared_ptr<TlsContext> tls)
    : state_(std::make_shared<State>()) {
  GateContext& context = state_->context;
  context.limits = {options.max_target, options.max_head, options.max_fields, options.max_body};
  context.options = std::move(options);
  context.handler = std::move(handler);
  context.on_refusal = std::move(on_refusal);
  context.tls = std::move(tls);
  state_->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (state_->wake < 0) throw std::runtime_error(std::string("eventfd: ") + std::strerror(errno));
  if (getrandom(&state_->id_seed, sizeof state_->id_seed, GRND_NONBLOCK) < 0) {
    // Ids tell requests apart in a log; they protect nothing.
    state_->id_seed = static_cast<std::uint64_t>(std::chrono::system_clock::now().time_since_epoch().count());
  }
}

Gate::~Gate() = default;

void Gate::open() {
  raise_file_limit();
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL
  for (const std::string& address : state_->context.options.listen) {
    for (Listener& listener : Listener::open(address)) state_->listeners.push_back(std::move(listener));
  }
  if (state_->listeners.empty()) throw std::runtime_error("no address to listen on");
}

std::vector<std::string> Gate::addresses() const {
  std::vector<std::string> texts;
  const std::string scheme = state_->context.tls ? "https://" : "http://";
  for (const Listener& listener : state_->listeners) {
    texts.push_back(listener.is_unix() ? listener.address() : scheme + listener.address());
  }
  return texts;
}

void Gate::serve() {
  state_->accept_all();
  state_->listeners.clear();  // first of all, so that new clients are refused and a successor can start
  state_->drain();
}

void Gate::stop() noexcept {
  state_->context.stopping.store(true);
  const std::uint64_t one = 1;
  // Fails only if the counter is full, and then the loop is awake.
  if (write(state_->wake, &one, sizeof one) < 0) return;
}

}  // namespace oauth2::server
