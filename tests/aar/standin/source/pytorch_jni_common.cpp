// Stands in for what both interpreters' bridges share.
extern "C" int standin_fbjni();

extern "C" int standin_common() { return standin_fbjni(); }
