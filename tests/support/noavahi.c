/* ippeveprinter insists on an mDNS daemon even with "-r off": one that does nothing. */
void *avahi_threaded_poll_new(void) { static int poll; return &poll; }
const void *avahi_threaded_poll_get(void *poll) { return poll; }
int avahi_threaded_poll_start(void *poll) { (void)poll; return 0; }
void avahi_threaded_poll_lock(void *poll) { (void)poll; }
void avahi_threaded_poll_unlock(void *poll) { (void)poll; }
void *avahi_client_new(const void *poll, int flags, void *callback, void *data, int *error) {
    (void)poll; (void)flags; (void)callback; (void)data;
    *error = 0;
    static int client;
    return &client;
}
