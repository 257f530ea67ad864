# Memory, descriptors and disk stay flat: a short sample; `make soak` is the long form.
. tests/tap.sh
if nm "$bantin" 2>/dev/null | grep -qE '__(asan|tsan)_init|__llvm_gcov'; then
    skip "not for a watched build: its memory is not ours"
    done_testing
    exit 0
fi
SOAK_BULLETINS=20 SOAK_HOURS=0.1 BUILD=$BUILD perl tests/soak/run
