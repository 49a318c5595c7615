// Preloaded before a program, this puts an inaccessible page behind every large allocation, so that a read
// past its end is always a SIGSEGV. Without it that depends on what the kernel happened to map there.
//
// SwiftShader takes the memory of a VkDeviceMemory from malloc(), in blocks of several MB.
#define _GNU_SOURCE
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { PAGE = 4096, ALIGNMENT = 64, LARGE = 1 << 20 };
static const size_t ARENA_SIZE = (size_t)64 << 30;

extern void* __libc_malloc(size_t);
extern void* __libc_realloc(void*, size_t);
extern void __libc_free(void*);

static pthread_mutex_t arena_mutex = PTHREAD_MUTEX_INITIALIZER;
static uint8_t* arena;
static size_t arena_used;

// A range of addresses that is never handed out twice, so a use after free is found as well.
static uint8_t* reserve(size_t size) {
  pthread_mutex_lock(&arena_mutex);
  if (!arena) {
    void* const base = mmap(NULL, ARENA_SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (base != MAP_FAILED) arena = base;
  }
  uint8_t* result = NULL;
  if (arena && size <= ARENA_SIZE - arena_used) {
    result = arena + arena_used;
    arena_used += size;
  }
  pthread_mutex_unlock(&arena_mutex);
  return result;
}

// [header page: the size][data, up to the last byte][guard page]
static void* guarded_malloc(size_t size) {
  const size_t data_size = (size + PAGE - 1) / PAGE * PAGE;
  uint8_t* const base = reserve(data_size + 2 * PAGE);
  if (!base || mprotect(base, data_size + PAGE, PROT_READ | PROT_WRITE) != 0) return NULL;
  memcpy(base, &size, sizeof(size));
  return base + PAGE + data_size - (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

static int is_guarded(const void* pointer) {
  const uint8_t* const address = pointer;
  return arena && address >= arena && address < arena + ARENA_SIZE;
}

static uint8_t* base_of(void* pointer) { return (uint8_t*)((uintptr_t)pointer / PAGE * PAGE - PAGE); }

static size_t size_of(void* pointer) {
  size_t size;
  memcpy(&size, base_of(pointer), sizeof(size));
  return size;
}

void* malloc(size_t size) { return size < LARGE ? __libc_malloc(size) : guarded_malloc(size); }

void free(void* pointer) {
  if (!is_guarded(pointer)) {
    __libc_free(pointer);
    return;
  }
  const size_t data_size = (size_of(pointer) + PAGE - 1) / PAGE * PAGE;
  // The pages go back to the system; the addresses stay inaccessible.
  mmap(base_of(pointer), data_size + PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED,
       -1, 0);
}

void* realloc(void* pointer, size_t size) {
  if (!is_guarded(pointer)) return __libc_realloc(pointer, size);
  void* const copy = malloc(size);
  if (!copy) return NULL;
  const size_t old_size = size_of(pointer);
  memcpy(copy, pointer, old_size < size ? old_size : size);
  free(pointer);
  return copy;
}
