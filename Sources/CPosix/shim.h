/* What glibc 2.36 has, but Swift's Glibc module does not show. Without includes, so that the types stay that module's. */

/* spawn.h: closes every descriptor from a number on in the new process. */
int posix_spawn_file_actions_addclosefrom_np(void *actions, int from);

/* sys/pidfd.h: a descriptor that becomes readable when the process ends. */
int pidfd_open(int process, unsigned int flags);

/* unistd.h: a pipe, with flags such as O_CLOEXEC. */
int pipe2(int descriptors[2], int flags);

/* malloc.h: how the allocator works. */
int mallopt(int parameter, int value);
enum { ALLOCATOR_TRIM_THRESHOLD = -1, ALLOCATOR_MMAP_THRESHOLD = -3, ALLOCATOR_ARENA_MAX = -8 };

/* unistd.h: closes the descriptors from one number to another; with 2, CLOSE_RANGE_UNSHARE, in a
 * table of the calling thread's own. */
int close_range(unsigned int first, unsigned int last, int flags);

/* pthread.h: waits for a thread's end, or until a moment of a clock. */
int pthread_clockjoin_np(unsigned long thread, void **result, int clock, const void *moment);
