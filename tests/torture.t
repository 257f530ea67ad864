# What is promised, after one fault in a whole run: a short sample; `make torture` tries them all.
. tests/tap.sh
if ! command -v perl >/dev/null || nm "$bantin" 2>/dev/null | grep -qE '__(asan|tsan)_init|__llvm_gcov'; then
    skip "not for a watched build: its own library comes first"
    done_testing
    exit 0
fi
# A seed of its own, so that a check repeats; `make torture` draws another each time.
BUILD=$BUILD perl tests/torture/run --seconds "${TORTURE_SECONDS:-30}" --days 8 \
    --seed "${TORTURE_SEED:-20251125}"
