// Every allocation whose number is a multiple of what TEST_DIAL says fails; none while it says 0.
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

extern void* __libc_malloc(size_t);
extern void* __libc_calloc(size_t, size_t);
extern void* __libc_realloc(void*, size_t);

static volatile long long zero;
static volatile long long* every = &zero;
static atomic_llong count;

__attribute__((constructor)) static void map_dial(void) {
  const int fd = open(getenv("TEST_DIAL"), O_RDONLY | O_CLOEXEC);
  void* memory = mmap(NULL, sizeof *every, PROT_READ, MAP_SHARED, fd, 0);
  close(fd);
  if (memory != MAP_FAILED) every = memory;
}

static int fails(void) {
  const long long step = *every;
  if (step == 0 || atomic_fetch_add(&count, 1) % step != 0) return 0;
  errno = ENOMEM;
  return 1;
}

void* malloc(size_t size) { return fails() ? NULL : __libc_malloc(size); }
void* calloc(size_t number, size_t size) { return fails() ? NULL : __libc_calloc(number, size); }
void* realloc(void* old, size_t size) { return fails() ? NULL : __libc_realloc(old, size); }
