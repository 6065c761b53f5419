/* usage: loaded with LD_PRELOAD into a daemon of master(8), which may end at any time. At its end the daemon appends
 * the microseconds of processor time that it has used to the file that USAGE_FILE names.
 *
 * gcc -O2 -shared -fPIC -o usage.so usage.c
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

static int file = -1;

/* The file is opened at the start, since the daemon gives up its rights later. */
__attribute__((constructor)) static void begin(void)
{
    const char *name = getenv("USAGE_FILE");
    if (name) file = open(name, O_WRONLY | O_APPEND | O_CLOEXEC);
}

__attribute__((destructor)) static void end(void)
{
    struct rusage u;
    char line[32];
    getrusage(RUSAGE_SELF, &u);
    int n = snprintf(line, sizeof line, "%ld\n",
        (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000000L + u.ru_utime.tv_usec + u.ru_stime.tv_usec);
    if (file >= 0 && write(file, line, n) < 0) perror("usage");
}
