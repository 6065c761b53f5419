/* proxymap.h: clients of the Postfix proxymap protocol, for the load generators beside it.
 *
 * A client has one request under way at a time, for a random key, as Postfix's processes do.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static double now_us(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1e6 + t.tv_nsec / 1e3; }
static uint64_t rng = 88172645463325252ull;
static uint32_t rnd(void) { rng ^= rng << 13; rng ^= rng >> 7; rng ^= rng << 17; return rng >> 16; }

/* What is asked for: keyfmt has one %d, for a number below nkeys. */
static const char *table, *keyfmt; static int nkeys = 1;
static int modern, updates;                     /* the dialect of Postfix 3.11 and later; update, not lookup */

struct conn { int fd; double begun; size_t got; char in[65536]; };

static int put(char *p, const char *s) { size_t n = strlen(s) + 1; memcpy(p, s, n); return n; }
static void request(struct conn *c, double begun)
{
    char b[8192], key[1024]; int n = 0;
    snprintf(key, sizeof key, keyfmt, (int) (rnd() % nkeys));
    n += put(b + n, "request"); n += put(b + n, updates ? "update" : "lookup");
    n += put(b + n, "table"); n += put(b + n, table);
    if (modern) { n += put(b + n, "instance_flags"); n += put(b + n, "16448"); }
    n += put(b + n, "flags"); n += put(b + n, "16448");   /* lock | fold_fix */
    n += put(b + n, "key"); n += put(b + n, key);
    if (updates) {
        char value[128]; int length = rnd() % 100; memset(value, 'a' + length % 26, length); value[length] = 0;
        n += put(b + n, "value"); n += put(b + n, value);
    }
    b[n++] = 0;
    c->got = 0; c->begun = begun;
    if (write(c->fd, b, n) != n) { perror("write"); exit(1); }
}
/* A reply ends with an empty name: NUL where a name should start. */
static int complete(struct conn *c, int *status)
{
    size_t i = 0;
    *status = -1;
    while (i < c->got) {
        if (c->in[i] == 0) return 1;
        char *e = memchr(c->in + i, 0, c->got - i); if (!e) return 0;
        char *v = e + 1; if (v >= c->in + c->got) return 0;
        char *ve = memchr(v, 0, c->in + c->got - v); if (!ve) return 0;
        if (!strcmp(c->in + i, "status")) *status = atoi(v);
        i = ve + 1 - c->in;
    }
    return 0;
}
/* Reads what is there. Returns whether the reply is complete, and its status then. */
static int receive(struct conn *c, int *status)
{
    ssize_t r = read(c->fd, c->in + c->got, sizeof c->in - c->got);
    if (r <= 0) { fprintf(stderr, "connection lost\n"); exit(1); }
    c->got += r;
    return complete(c, status);
}
static void connect_to(struct conn *c, const char *path)
{
    struct sockaddr_un sa = { .sun_family = AF_UNIX }; strncpy(sa.sun_path, path, sizeof sa.sun_path - 1);
    c->fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (connect(c->fd, (struct sockaddr *) &sa, sizeof sa) < 0) { perror(path); exit(1); }
}
/* The server's announcement comes before the first request. */
static void await_announcement(struct conn *c) { int status; while (!receive(c, &status)) { } }
