/* One entry of a zip in memory, bounded. Knows archives; knows no document. */
#include "host/host.h"

#include <string.h>
#include <zip.h>

enum { ENTRIES_MOST = 2000 };

static bool read_entry(zip_t *z, const char *name, struct bt_buf *out)
{
    char block[16384];
    zip_file_t *f = zip_fopen(z, name, 0);
    zip_int64_t k;
    if (!f)
        return false;
    while ((k = zip_fread(f, block, sizeof(block))) > 0)
        if (!bt_buf_add(out, block, (size_t)k)) /* the ceiling is the buffer's */
            break;
    zip_fclose(f);
    return k == 0;
}

bool bt_zip_entry(struct bt_str zip, const char *name, struct bt_buf *out, struct bt_err *err)
{
    zip_error_t e;
    zip_error_init(&e);
    zip_source_t *src = zip_source_buffer_create(zip.p, zip.n, 0, &e);
    zip_t *z = src ? zip_open_from_source(src, ZIP_RDONLY, &e) : NULL;
    if (src && !z)
        zip_source_free(src);
    zip_error_fini(&e);
    bool ok = z && zip_get_num_entries(z, 0) <= ENTRIES_MOST && read_entry(z, name, out);
    if (z)
        zip_discard(z);
    return ok || bt_fail(err, BT_ENOTHING, BT_M_ZIP_ENTRY, name);
}
