/**
 * What the engine's process is started with. glibc gives each thread a heap of its own and keeps what was freed; the models'
 * threads then hold on to memory that others could use. Two heaps, and blocks from 1 MB given back at once, took about 45 MB
 * less of 940 at the same speed (one-minute film, two cores).
 */
export const ENGINE_ENVIRONMENT = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '1048576', MALLOC_TRIM_THRESHOLD_: '1048576' } as const;
