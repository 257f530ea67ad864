/* A zip that is written: the same bytes for the same files and the same date. Knows archives; knows
 * no document. */
#include "host/host.h"

#include <errno.h>
#include <zip.h>

static bool add(zip_t *z, const struct bt_zip_file *f, const struct bt_civil *at)
{
    enum { FIRST_YEAR = 1980 }; /* of a zip's clock */
    int year = at->year < FIRST_YEAR ? 0 : at->year - FIRST_YEAR;
    zip_uint16_t date = (zip_uint16_t)(year << 9 | at->mon << 5 | at->day);
    zip_uint16_t time = (zip_uint16_t)(at->hour << 11 | at->min << 5 | at->sec / 2);
    zip_source_t *s = f->path ? zip_source_file(z, f->path, 0, -1)
                              : zip_source_buffer(z, f->bytes.p, f->bytes.n, 0);
    zip_int64_t i = s ? zip_file_add(z, f->name, s, ZIP_FL_ENC_UTF_8) : -1;
    if (i < 0) {
        zip_source_free(s);
        return false;
    }
    return zip_file_set_dostime(z, (zip_uint64_t)i, time, date, 0) == 0 &&
           zip_set_file_compression(z, (zip_uint64_t)i, f->stored ? ZIP_CM_STORE : ZIP_CM_DEFLATE,
                                    0) == 0;
}

static bool fail(const char *path, const zip_error_t *e, struct bt_err *err)
{
    bool system = zip_error_system_type(e) == ZIP_ET_SYS;
    errno = system ? zip_error_code_system(e) : 0;
    return bt_fail_sys(err, BT_EDELIVER, BT_M_FILE_NOT_WRITTEN, path);
}

bool bt_zip_write(const char *path, const struct bt_zip_file *file, size_t n,
                  const struct bt_civil *at, struct bt_err *err)
{
    int code;
    zip_error_t e;
    zip_t *z = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &code);
    if (!z) {
        zip_error_init_with_code(&e, code);
        fail(path, &e, err);
        zip_error_fini(&e);
        return false;
    }
    bool ok = true;
    for (size_t i = 0; i < n && ok; i++)
        ok = add(z, &file[i], at);
    if (ok && zip_close(z) == 0)
        return true;
    fail(path, zip_get_error(z), err);
    zip_discard(z);
    return false;
}
