/*
 * How many searches per second a directory answers at most: threads that search for
 * (mail=...) one after the other, each on a connection of its own, and do nothing else.
 * gcc -O2 -o ldaplimit ldaplimit.c -lldap -llber -lpthread
 */
#include <ldap.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char *url, *base, *format;
static int keys;
static volatile int over;

static void *search(void *count)
{
    LDAP *ldap;
    int version = LDAP_VERSION3;
    unsigned seed = (unsigned) (size_t) count;
    char key[200], filter[300];
    char *attributes[] = {"description", NULL};

    if (ldap_initialize(&ldap, url) != LDAP_SUCCESS)
        exit(1);
    ldap_set_option(ldap, LDAP_OPT_PROTOCOL_VERSION, &version);
    while (!over) {
        LDAPMessage *result;

        snprintf(key, sizeof(key), format, rand_r(&seed) % keys);
        snprintf(filter, sizeof(filter), "(mail=%s)", key);
        if (ldap_search_ext_s(ldap, base, LDAP_SCOPE_SUBTREE, filter, attributes, 0, NULL, NULL, NULL, 0, &result) != LDAP_SUCCESS
            || ldap_count_entries(ldap, result) != 1) {
            fprintf(stderr, "ldaplimit: %s: not found\n", key);
            exit(1);
        }
        ldap_msgfree(result);
        ++*(long *) count;
    }
    ldap_unbind_ext_s(ldap, NULL, NULL);
    return NULL;
}

int main(int argc, char **argv)
{
    static long counts[256][8];          /* a cache line each */
    pthread_t threads[256];
    long sum = 0;
    int connections, seconds, i;

    if (argc != 7) {
        fprintf(stderr, "usage: ldaplimit URL BASE KEYFORMAT KEYS CONNECTIONS SECONDS\n");
        return 2;
    }
    url = argv[1], base = argv[2], format = argv[3], keys = atoi(argv[4]);
    connections = atoi(argv[5]), seconds = atoi(argv[6]);
    for (i = 0; i < connections; i++)
        pthread_create(&threads[i], NULL, search, counts[i]);
    sleep(seconds);
    over = 1;
    for (i = 0; i < connections; i++)
        pthread_join(threads[i], NULL);
    for (i = 0; i < connections; i++)
        sum += counts[i][0];
    printf("%ld\n", sum / seconds);
    return 0;
}
