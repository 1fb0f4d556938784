/* What glibc 2.36 has, but shows only to programs that ask for its extensions, which Swift's Glibc
   module does not. Without includes, so that the types stay that module's. */

/* spawn.h: closes every descriptor from a number on in the new process. */
int posix_spawn_file_actions_addclosefrom_np(void *actions, int from);

/* sys/pidfd.h: a descriptor that becomes readable when the process ends. */
int pidfd_open(int process, unsigned int flags);
