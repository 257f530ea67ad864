/* The reader's language, and the word that was probably meant. */
#include "base/base.h"
#include "base/texts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int language(void)
{
    static const char *const names[] = {"BANTIN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < BT_LEN(names); i++) {
        const char *v = getenv(names[i]);
        if (v && *v)
            return strncmp(v, "en", 2) == 0;
    }
    return 0;
}

const char *bt_msg(enum bt_msg id)
{
    return bt_texts[id][language()];
}

/* ---- with its arguments ---- */

static void decimal_mark(char *s)
{
    char *dot = strchr(s, '.');
    if (dot && !language())
        *dot = ',';
}

const char *bt_number(double v, int digits, char out[BT_NUMBER])
{
    snprintf(out, BT_NUMBER, "%.*f", digits, v);
    decimal_mark(out);
    return out;
}

struct args {
    va_list ap;
};

/* One conversion of those that the table may hold: %s %d %ld %zu %.1f … */
static void convert(char *out, size_t n, const char *spec, struct args *args)
{
    size_t last = strlen(spec) - 1;
    switch (spec[last]) {
    case 's':
        snprintf(out, n, spec, va_arg(args->ap, const char *));
        break;
    case 'd':
        if (spec[last - 1] == 'l')
            snprintf(out, n, spec, va_arg(args->ap, long));
        else
            snprintf(out, n, spec, va_arg(args->ap, int));
        break;
    case 'u':
        snprintf(out, n, spec, va_arg(args->ap, size_t));
        break;
    case 'f':
        snprintf(out, n, spec, va_arg(args->ap, double));
        decimal_mark(out);
        break;
    default:
        snprintf(out, n, "%%");
    }
}

void bt_vmsg(char *out, size_t n, enum bt_msg id, va_list ap)
{
    struct args args;
    size_t at = 0;
    va_copy(args.ap, ap);
    for (const char *f = bt_msg(id); *f && at + 1 < n;) {
        char spec[16];
        if (*f != '%') {
            out[at++] = *f++;
            continue;
        }
        size_t len = strcspn(f + 1, "sduf%") + 2;
        snprintf(spec, sizeof(spec), "%.*s", (int)len, f);
        convert(out + at, n - at, spec, &args);
        at += strlen(out + at);
        f += len;
    }
    out[at] = '\0';
    va_end(args.ap);
}

enum { LONGEST = 32 };

static size_t distance(const char *a, const char *b)
{
    size_t row[LONGEST + 1], na = strlen(a), nb = strlen(b);
    if (na > LONGEST || nb > LONGEST)
        return LONGEST;
    for (size_t j = 0; j <= nb; j++)
        row[j] = j;
    for (size_t i = 1; i <= na; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= nb; j++) {
            size_t best = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return row[nb];
}

const char *bt_nearest(const char *word, const char *const *names, size_t n)
{
    const char *best = NULL;
    size_t least = strlen(word) / 2 + 1;
    for (size_t i = 0; i < n; i++) {
        size_t d = distance(word, names[i]);
        if (d < least) {
            least = d;
            best = names[i];
        }
    }
    return best;
}
