/* Preloaded before libfaketime: waiting is the C library's own.
 *
 * libfaketime also takes pthread_cond_timedwait and its relations over, and its way of waiting for
 * a monotonic moment makes the threads of Python's interpreter take turns in slow motion once the
 * clock was moved: seconds that no program loses when a real clock is set. What it is here for,
 * telling another time, stays its own.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <semaphore.h>

static void *real(const char *name) {
    static void *libc;
    if (!libc) libc = dlopen("libc.so.6", RTLD_LAZY | RTLD_NOLOAD);
    return dlsym(libc, name);
}

#define PASS(name, parameters, arguments)               \
    int name parameters {                               \
        static int(*found) parameters;                  \
        if (!found) found = (int(*) parameters)real(#name); \
        return found arguments;                         \
    }

PASS(pthread_cond_init, (pthread_cond_t * c, const pthread_condattr_t *a), (c, a))
PASS(pthread_cond_destroy, (pthread_cond_t * c), (c))
PASS(pthread_cond_timedwait, (pthread_cond_t * c, pthread_mutex_t *m, const struct timespec *t), (c, m, t))
PASS(sem_timedwait, (sem_t * s, const struct timespec *t), (s, t))
