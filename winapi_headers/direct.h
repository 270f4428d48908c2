/* direct.h - folders by Microsoft's names. mkdir itself is POSIX's, with two arguments. */
#ifndef _INC_DIRECT
#define _INC_DIRECT

#include "minwindef.h"
#include <sys/stat.h>
#include <unistd.h>

static __forceinline int _mkdir(const char *dirname) { return mkdir(dirname, 0777); }
static __forceinline int _rmdir(const char *dirname) { return rmdir(dirname); }
static __forceinline int _chdir(const char *dirname) { return chdir(dirname); }
static __forceinline char *_getcwd(char *buffer, int maxlen) { return getcwd(buffer, (size_t)maxlen); }

#endif /* _INC_DIRECT */
