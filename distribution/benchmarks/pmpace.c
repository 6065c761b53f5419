/* pmpace: asks a proxymap server at a mail system's pace.
 *
 * An open loop: lookups begin at times that are set beforehand, at random and RATE of them a second on average, whether
 * or not earlier ones are answered, each over the next of CONNS connections that has none under way. Prints for the
 * whole run: lookups, how many were found, latency from the time that was set (p50, p99, max, of the first one) and the
 * processor time, for each lookup, of the processes given by -p and all their children, ended ones too. All in microseconds.
 *
 * usage: pmpace [-c conns] [-r rate] [-l lookups] [-n keys] [-s seed] [-p pid]... SOCKET TABLE KEYFORMAT
 *   KEYFORMAT is a printf format with one %d, replaced by a random number below KEYS.
 */
#include "proxymap.h"
#include <dirent.h>
#include <math.h>
#include <sys/epoll.h>
#include <sys/prctl.h>

static int cmp(const void *a, const void *b) { double x = *(double *) a, y = *(double *) b; return x < y ? -1 : x > y; }

/* Seconds of processor time of a process and of those below it. */
static int fields(int pid, int *parent, double *used)
{
    char name[64], line[4096]; snprintf(name, sizeof name, "/proc/%d/stat", pid);
    FILE *f = fopen(name, "r"); if (!f) return 0;
    char *s = fgets(line, sizeof line, f); fclose(f); if (!s || !(s = strrchr(line, ')'))) return 0;
    long u, k, cu, ck; if (sscanf(s + 2, "%*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %ld %ld %ld %ld", parent, &u, &k, &cu, &ck) != 5) return 0;
    *used = (double) (u + k + cu + ck) / sysconf(_SC_CLK_TCK);
    return 1;
}
static double used_by(int root)
{
    double sum = 0, t; int parent; if (fields(root, &parent, &t)) sum = t;
    DIR *d = opendir("/proc"); struct dirent *e;
    while ((e = readdir(d))) { int pid = atoi(e->d_name); if (pid > 0 && fields(pid, &parent, &t) && parent == root) sum += used_by(pid); }
    closedir(d);
    return sum;
}

int main(int argc, char **argv)
{
    int conns = 20, o, roots[64], nroots = 0; long lookups = 1000; double rate = 100;
    while ((o = getopt(argc, argv, "c:r:l:n:s:p:")) > 0) switch (o) {
        case 'c': conns = atoi(optarg); break; case 'r': rate = atof(optarg); break; case 'l': lookups = atol(optarg); break;
        case 'n': nkeys = atoi(optarg); break; case 's': rng ^= strtoull(optarg, 0, 0) * 0x9e3779b97f4a7c15ull; break;
        case 'p': roots[nroots++] = atoi(optarg); break; default: return 2; }
    if (argc - optind != 3) { fprintf(stderr, "usage: pmpace [-c conns] [-r rate] [-l lookups] [-n keys] [-s seed] [-p pid]... SOCKET TABLE KEYFORMAT\n"); return 2; }
    table = argv[optind + 1]; keyfmt = argv[optind + 2];
    prctl(PR_SET_TIMERSLACK, 1000);
    double *lat = malloc(lookups * sizeof *lat), first = 0, used = 0; long n = 0, begun = 0, found = 0, bad = 0;
    for (int i = 0; i < nroots; i++) used -= used_by(roots[i]);
    struct conn *cs = calloc(conns, sizeof *cs); int ep = epoll_create1(0), *spare = malloc(conns * sizeof *spare), spares = 0;
    for (int i = 0; i < conns; i++) {
        connect_to(&cs[i], argv[optind]);
        struct epoll_event ev = { .events = EPOLLIN, .data.ptr = &cs[i] }; epoll_ctl(ep, EPOLL_CTL_ADD, cs[i].fd, &ev);
    }
    for (int i = 0; i < conns; i++) { await_announcement(&cs[i]); spare[spares++] = i; }
    double due = now_us(); int head = 0;                    /* the connection that has rested longest is next */
    struct epoll_event ev[64];
    while (n < lookups) {
        double now = now_us();
        while (begun < lookups && due <= now && spares) {
            struct conn *c = &cs[spare[head]]; head = (head + 1) % conns; spares--;
            request(c, due); begun++;
            due += -log((rnd() + 1.0) / 4294967297.0) * 1e6 / rate; now = now_us();
        }
        double wait = begun < lookups && spares ? due - now : 30e6; if (wait < 0) wait = 0;
        struct timespec t = { .tv_sec = wait / 1e6, .tv_nsec = (long) (fmod(wait, 1e6) * 1e3) };
        int k = epoll_pwait2(ep, ev, 64, &t, 0);
        if (k == 0 && wait >= 30e6) { fprintf(stderr, "no reply for 30 s\n"); return 1; }
        for (int i = 0; i < k; i++) {
            struct conn *c = ev[i].data.ptr; int st;
            if (!receive(c, &st)) continue;
            lat[n] = now_us() - c->begun; if (!n++) first = lat[0];
            if (st == 0) found++; else if (st != 1) bad++;
            spare[(head + spares++) % conns] = c - cs;
        }
    }
    for (int i = 0; i < nroots; i++) used += used_by(roots[i]);
    qsort(lat, n, sizeof *lat, cmp);
#define P(q) lat[(size_t) ((n - 1) * (q))]
    printf("lookups=%ld found=%ld bad=%ld first=%.0f p50=%.0f p99=%.0f max=%.0f cpu=%.1f\n", n, found, bad, first, P(.5), P(.99), P(1), used * 1e6 / n);
    return 0;
}
