// What keeps a process small.

/** Two heaps of glibc's in place of one a thread; what is large is mapped, so that it goes back when it is freed. */
export const LEAN_ENV = {
  MALLOC_ARENA_MAX: "2",
  MALLOC_MMAP_THRESHOLD_: "32768",
  MALLOC_TRIM_THRESHOLD_: "65536",
  MALLOC_TOP_PAD_: "32768",
};

/**
 * Of those whom nobody waits for: a young generation of 1 MiB in place of 16, an old one that grows late, and Prisma's compiler of queries, which is
 * WebAssembly, left as its first stage compiles it (10 MB). What runs once a minute stays compiled: to forget it and compile it again took a seventh of their CPU, and
 * saved no memory that could be measured.
 */
export const LEAN_FLAGS = [
  "--max-semi-space-size=1",
  "--optimize-for-size",
  "--no-flush-bytecode",
  "--liftoff-only",
  "--v8-pool-size=1",
];
