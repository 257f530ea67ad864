/* What the Vietnamese of news pages tells about a line: caption, furniture, byline, source. Knows
 * phrases, folded to ASCII; knows no site. */
#include "news/parts.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Alone on a line, or before a colon or a bracket: the words occur in sentences, too. */
static const char *const alone[] = {
    "binh luan",    "tin khac",         "cac tin khac", "tin moi",
    "tin moi nhat", "tu khoa",          "tags",         "tag",
    "chia se",      "chia se bai viet", "ban quyen",    "copyright",
    "theo doi",     "quang cao",        "toan van",     "dang nhap",
    "tro lai",      "ve trang chu",     "trang chu",    "chu de",
    "su kien",      "hotline",          "in bai viet",  "luu bai viet",
    "toa soan",     "nhap noi dung",    "tin nong",     "nghe bai",
    "video",        "anh minh hoa",     "nguon anh",    "chu thich anh",
    "bai viet",     "cung chu de",      "phan hoi",     "tac gia",
    "lien he",      "advertisement",    "email",        "facebook",
    "co lien quan", "cac tin da dua",   "tin da dua",   "cac bai khac",
    "bai khac",     "tin cu hon",       "tin moi hon",  "tin, anh",
    "bai, anh",     "tin va anh",       "bai va anh",   "bai",
    "thuc hien",    "luot xem",         "luot doc",     "zalo",
    "twitter",      "copy link",        "like",         "share"};

/* At the start of a short line that is no sentence. */
static const char *const furniture[] = {"duong day nong",
                                        "y kien ban doc",
                                        "xem them",
                                        "doc them",
                                        "doc tiep",
                                        "tin lien quan",
                                        "tin bai lien quan",
                                        "bai lien quan",
                                        "bai viet lien quan",
                                        "tin cung chuyen muc",
                                        "cung chuyen muc",
                                        "doc nhieu",
                                        "tin doc nhieu",
                                        "ban dang doc",
                                        "moi cac ban",
                                        "moi ban xem",
                                        "vui long nhap",
                                        "video lien quan",
                                        "gui email",
                                        "tong bien tap",
                                        "giay phep",
                                        "gui binh luan",
                                        "hay la nguoi dau tien",
                                        "y kien cua ban",
                                        "bai viet cung chu de",
                                        "doc gia co the",
                                        "ban doc co the",
                                        "theo doi chung toi",
                                        "tai ung dung",
                                        "xem chi tiet",
                                        "nhan tin moi",
                                        "dang ky nhan",
                                        "video dang",
                                        "nghe doc bai",
                                        "thich trang",
                                        "ket ban voi",
                                        "xem video",
                                        "click de xem",
                                        "bam de xem",
                                        "ban co the quan tam",
                                        "co the ban quan tam",
                                        "thich va chia se"};

static const char *const endings[] = {"y kien ban doc",
                                      "xem them binh luan",
                                      "binh luan",
                                      "gui binh luan",
                                      "tin lien quan",
                                      "tin bai lien quan",
                                      "bai lien quan",
                                      "tin cung chuyen muc",
                                      "cung chuyen muc",
                                      "tin khac",
                                      "cac tin khac",
                                      "tin moi",
                                      "tin moi nhat",
                                      "doc nhieu",
                                      "tin doc nhieu",
                                      "tu khoa",
                                      "tags",
                                      "y kien cua ban",
                                      "hay la nguoi dau tien",
                                      "ban quyen",
                                      "copyright"};

enum { FURNITURE_LONGEST = 14 }; /* words; a sentence may begin with "Theo dõi" */

static bool begins(const char *folded, const char *phrase)
{
    size_t n = strlen(phrase);
    return strncmp(folded, phrase, n) == 0 && !(folded[n] >= 'a' && folded[n] <= 'z');
}

static bool begins_any(const char *line, const char *const *phrase, size_t n, bool loose)
{
    if (bt_syllables(line) > FURNITURE_LONGEST)
        return false;
    struct bt_arena *a = bt_arena_create();
    const char *f = bt_fold(a, bt_str(line));
    f += strspn(f, " -+>*.|:");
    bool hit = false;
    for (size_t i = 0; i < n && !hit; i++)
        if (begins(f, phrase[i])) {
            const char *after = f + strlen(phrase[i]);
            after += strspn(after, " .");
            hit = !*after || *after == ':' || *after == '(' || (loose && !bt_is_sentence(line));
        }
    bt_arena_destroy(a);
    return hit;
}

/* What a site says of itself, whole sentences of it: where the reader is, where to write to, and a
 * pointer ">> …" to something else. */
static bool is_of_the_site(const char *line)
{
    enum { LONGEST = 70, POINTER_LONGEST = 25 };
    static const char *const pointer[] = {">>", "»", "►", "▶", "➤"};
    static const char *const begin[] = {"ban dang doc bai viet",
                                        "ban dang xem bai viet",
                                        "moi quy doc gia",
                                        "moi ban doc",
                                        "moi quy vi",
                                        "moi doc gia",
                                        "moi quy ban doc",
                                        "hay theo doi bao",
                                        "hay theo doi kenh",
                                        "hay theo doi trang",
                                        "hay dang ky kenh",
                                        "dang ky kenh"};
    static const char *const pair[][2] = {{"@", "toa soan"},
                                          {"@", "xin gui"},
                                          {"@", "gui ve"},
                                          {"@", "lien he"},
                                          {"theo doi", "google news"},
                                          {"theo doi", "fanpage"},
                                          {"doc bao", "google news"},
                                          {"the post", "appeared first on"}};
    size_t words = bt_syllables(line);
    bool hit = false;
    for (size_t i = 0; i < BT_LEN(pointer); i++)
        if (strncmp(line, pointer[i], strlen(pointer[i])) == 0 && words <= POINTER_LONGEST)
            return true;
    if (words > LONGEST)
        return false;
    struct bt_arena *a = bt_arena_create();
    const char *f = bt_fold(a, bt_str(line));
    for (size_t i = 0; i < BT_LEN(begin); i++)
        hit = hit || begins(f, begin[i]);
    for (size_t i = 0; i < BT_LEN(pair); i++)
        hit = hit || (strstr(f, pair[i][0]) && strstr(f, pair[i][1]));
    bt_arena_destroy(a);
    return hit;
}

/* "#HoằngTân #đường": nothing but tags. */
static bool is_tags(const char *line)
{
    for (line += strspn(line, " "); *line == '#'; line += strspn(line, " "))
        line += strcspn(line, " ");
    return !*line;
}

bool bt_is_furniture(const char *line)
{
    return is_tags(line) || is_of_the_site(line) ||
           begins_any(line, furniture, BT_LEN(furniture), true) ||
           begins_any(line, alone, BT_LEN(alone), false);
}

bool bt_ends_article(const char *line)
{
    return begins_any(line, endings, BT_LEN(endings), false);
}

/* "… - Ảnh 1.", "Ảnh: Minh Hà", "(Ảnh: TTXVN)", "… Ảnh minh họa": only lines of a caption's
 * length. The word is looked for with its marks: "anh" alone is a person. */
bool bt_is_caption(const char *line)
{
    static const char *const start[] = {"Ảnh:",
                                        "ẢNH:",
                                        "Ảnh :",
                                        "(Ảnh",
                                        "Video:",
                                        "Clip:",
                                        "Đồ họa:",
                                        "Infographic:",
                                        "Ảnh minh họa",
                                        "Ảnh minh hoạ",
                                        "Ảnh chụp màn hình",
                                        "Nguồn ảnh:",
                                        "Ảnh tư liệu"};
    static const char *const inside[] = {
        "- Ảnh ",       "– Ảnh ", " Ảnh: ",       "(Ảnh: ", " ẢNH: ",    "(Ảnh minh", "- Ảnh: ",
        "Ảnh minh họa", " Ảnh:",  "Ảnh minh hoạ", "(ảnh: ", "(ảnh minh", "(Nguồn ảnh"};
    enum { LONGEST = 60 };
    if (bt_syllables(line) > LONGEST)
        return false;
    for (size_t i = 0; i < BT_LEN(start); i++)
        if (strncmp(line, start[i], strlen(start[i])) == 0)
            return true;
    for (size_t i = 0; i < BT_LEN(inside); i++) {
        const char *at = strstr(line, inside[i]);
        if (at && bt_syllables(at) <= 8) /* the photographer, the number */
            return true;
    }
    return false;
}

bool bt_is_sentence(const char *line)
{
    static const char *const stop[] = {".", "!", "?", "…", ".”", ".\"", "!”", "?”", ".)", ":", ";"};
    struct bt_str s = bt_str(line);
    for (size_t i = 0; i < BT_LEN(stop); i++)
        if (bt_str_ends(s, bt_str(stop[i])))
            return true;
    return false;
}

static bool is_name_mark(int32_t c)
{
    return c == '-' || c == 0x2013 || c == '.' || c == ',' || c == '&' || c == '/' || c == '(' ||
           c == ')' || c == ';';
}

bool bt_is_byline(const char *line)
{
    enum { MOST = 9 };
    size_t n = strlen(line), words = bt_syllables(line), upper = 0;
    bool first = true;
    if (!words || words > MOST || bt_is_sentence(line))
        return false;
    for (size_t i = 0, k; i < n; i += k) {
        int32_t c = bt_utf8_get(line + i, n - i, &k);
        if (c == ' ' || is_name_mark(c)) {
            first = true;
            continue;
        }
        if (!bt_is_letter(c))
            return false;
        if (first && !bt_is_upper(c))
            return false;
        upper += first;
        first = false;
    }
    return upper > 0;
}

bool bt_is_desk(const char *name)
{
    static const char *const desk[] = {"bot",   "pv",  "ctv",  "admin", "administrator",
                                       "media", "bbt", "theo", "root"};
    struct bt_arena *a = bt_arena_create();
    const char *f = bt_fold(a, bt_str(name));
    bool hit = bt_str_ends(bt_str(f), BT_STR(" online")) || strncmp(f, "theo ", 5) == 0;
    for (size_t i = 0; i < BT_LEN(desk); i++)
        hit = hit || strcmp(f, desk[i]) == 0;
    bt_arena_destroy(a);
    return hit;
}

const char *bt_source_line(const char *line)
{
    static const char *const label[] = {
        "Nguồn tin:", "Nguồn:", "Nguồn :", "NGUỒN:", "Theo:", "(Nguồn:", "Nguồn tin :"};
    enum { LONGEST = 16 };
    if (bt_syllables(line) > LONGEST)
        return NULL;
    for (size_t i = 0; i < BT_LEN(label); i++)
        if (strncmp(line, label[i], strlen(label[i])) == 0) {
            line += strlen(label[i]);
            return line + strspn(line, " ");
        }
    return NULL;
}

/* An agency's sign: capitals or a name, at most five words. */
static bool is_agency(struct bt_str s)
{
    size_t k;
    if (s.n == 0 || s.n > 40 || !bt_is_upper(bt_utf8_get(s.p, s.n, &k)))
        return false;
    int blanks = 0;
    for (size_t i = 0; i < s.n; i++)
        blanks += s.p[i] == ' ';
    return blanks <= 4;
}

static const char *dash_after(const char *p)
{
    p += strspn(p, " ");
    if (*p == '-')
        return p + 1;
    return strncmp(p, "–", strlen("–")) == 0 ? p + strlen("–") : NULL;
}

const char *bt_lead_bare(const char *lead)
{
    static const char *const bare[] = {"TTO",    "TT",   "TTCT", "TTXVN", "VOV.VN",   "VOV",
                                       "VTV.VN", "NDĐT", "NDO",  "SGGPO", "VTC News", "VnExpress"};
    if (lead[0] == '(') {
        const char *close = strchr(lead, ')');
        const char *rest = close ? dash_after(close + 1) : NULL;
        if (rest && close - lead <= 41 && rest[0])
            return rest + strspn(rest, " ");
        return lead;
    }
    for (size_t i = 0; i < BT_LEN(bare); i++) {
        size_t n = strlen(bare[i]);
        const char *rest = strncmp(lead, bare[i], n) == 0 ? dash_after(lead + n) : NULL;
        if (rest && is_agency((struct bt_str){lead, n}))
            return rest + strspn(rest, " ");
    }
    return lead;
}
