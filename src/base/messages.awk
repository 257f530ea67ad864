# messages.tsv -> -v want=h: the enum; -v want=c: the texts in both languages.
BEGIN { FS = "\t" }
/^#/ || NF == 0 { next }
NF != 3 { printf "%s:%d: needs id, vi, en\n", FILENAME, FNR > "/dev/stderr"; exit bad = 1 }
{
    gsub(/\\/, "\\\\"); gsub(/"/, "\\\"")
    id[++n] = $1; vi[n] = $2; en[n] = $3
}
END {
    if (bad) exit 1
    if (want == "h") {
        print "#ifndef BT_MESSAGES_H\n#define BT_MESSAGES_H\nenum bt_msg {"
        for (i = 1; i <= n; i++) print "    BT_M_" id[i] ","
        print "    BT_M_COUNT\n};\n#endif"
    } else {
        print "#include \"base/base.h\"\n#include \"base/texts.h\""
        print "const char *const bt_texts[BT_M_COUNT][2] = {"
        for (i = 1; i <= n; i++) printf "    {\"%s\", \"%s\"},\n", vi[i], en[i]
        print "};"
    }
}
