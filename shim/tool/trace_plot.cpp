// trace_plot.cpp - winshim trace summary --svg: bars for the functions and the objects that most time was lost with.
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "shim/tool/output.h"
#include "shim/tool/trace_sums.h"
#include "shim/look/utf8.h"

namespace winshim::tool {
namespace {

constexpr int kWidth = 960, kLabels = 380, kBars = 440, kRow = 22, kTop = 54;
constexpr u32 kMostLetters = 52;

// Text of a trace in XML: control characters are not allowed there.
void put_text(FILE* file, const char* text) noexcept {
    const auto length = static_cast<u32>(strlen(text));
    const auto* const bytes = reinterpret_cast<const u8*>(text);
    u32 letters = 0;
    for (u32 at = 0; at < length; ++letters) {
        if (letters == kMostLetters) return void(fputs("\u2026", file));
        const look::Character c = look::next_character(bytes, length, at);
        const bool allowed = c.code >= 0x20 && (c.code < 0xD800 || c.code >= 0xE000) && c.code != 0xFFFE &&
                             c.code != 0xFFFF;
        if (!c.sound || !allowed) fputc('?', file);
        else if (c.code == '<') fputs("&lt;", file);
        else if (c.code == '>') fputs("&gt;", file);
        else if (c.code == '&') fputs("&amp;", file);
        else fwrite(text + at, 1, c.length, file);
        at += c.length;
    }
}

u64 time_of(const Sum& sum, bool objects) noexcept { return objects || sum.waits != 0 ? sum.blocked_ns : sum.total_ns; }

u32 rows_of(const Sums& sums, bool objects, u32 most) noexcept {
    u32 rows = 0;
    for (u32 i = 0; i < sums.count() && rows < most; ++i) rows += time_of(sums[i], objects) != 0;
    return rows;
}

// Draws from `y` on; returns where it ends.
int chart(FILE* file, const char* title, const Sums& sums, bool objects, u32 most, int y) noexcept {
    fprintf(file, "<text x=\"20\" y=\"%d\" class=\"title\">%s</text>\n", y + 24, title);
    y += 40;
    u64 longest = 1;
    for (u32 i = 0; i < sums.count(); ++i)
        if (time_of(sums[i], objects) > longest) longest = time_of(sums[i], objects);
    u32 shown = 0;
    for (u32 i = 0; i < sums.count() && shown < most; ++i) {
        const u64 time = time_of(sums[i], objects);
        if (time == 0) continue;
        ++shown;
        const double length = static_cast<double>(time) / static_cast<double>(longest) * kBars;
        const bool waits = sums[i].waits != 0;
        const u64 count = waits ? sums[i].waits : sums[i].calls;
        Text label;
        duration(time, label);
        label.add(", %llu %s", static_cast<unsigned long long>(count), waits ? "waits" : "calls");
        fprintf(file, "<text x=\"%d\" y=\"%d\" class=\"label\">", kLabels - 8, y + 15);
        put_text(file, sums[i].what);
        fprintf(file, "</text>\n<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" class=\"%s\"/>\n", kLabels, y + 3,
                length < 1 ? 1.0 : length, kRow - 6, waits ? "waits" : "calls");
        // Within the bar where it is long enough.
        const bool within = length > 200;
        fprintf(file, "<text x=\"%.1f\" y=\"%d\" class=\"%s\">%s</text>\n", kLabels + (within ? 8 : length + 8), y + 15,
                within ? "within" : "behind", label.text());
        y += kRow;
    }
    if (shown == 0) fprintf(file, "<text x=\"20\" y=\"%d\" class=\"behind\">none</text>\n", y + 15), y += kRow;
    return y + 16;
}

}  // namespace

bool write_plot(const char* path, const Summary& summary, u32 most) noexcept {
    FILE* const file = fopen(path, "w");
    if (file == nullptr) return fprintf(stderr, "winshim trace: %s: %s\n", path, strerror(errno)), false;
    const auto height_of = [&](const Sums& sums, bool objects) {
        const u32 rows = rows_of(sums, objects, most);
        return 56 + kRow * static_cast<int>(rows == 0 ? 1 : rows);
    };
    const int height = kTop + height_of(summary.functions, false) + height_of(summary.objects, true);
    fprintf(file,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">\n"
            "<style>text{font:13px sans-serif;fill:#222}.head{font-size:18px;font-weight:bold}.title{font-size:15px;"
            "font-weight:bold}.label{text-anchor:end}.within{fill:#fff}.behind{fill:#555}.waits{fill:#b5402a}"
            ".calls{fill:#3a6ea5}</style>\n<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n"
            "<text x=\"20\" y=\"34\" class=\"head\">%llu calls</text>\n",
            kWidth, height, kWidth, height, static_cast<unsigned long long>(summary.lines - summary.begun));
    const int below = chart(file, "Functions: time blocked (red), time of calls that do not wait (blue)",
                            summary.functions, false, most, kTop);
    chart(file, "Objects: time blocked in waits for them", summary.objects, true, most, below);
    fputs("</svg>\n", file);
    const bool failed = ferror(file) != 0;
    if ((fclose(file) != 0 || failed)) return fprintf(stderr, "winshim trace: %s: %s\n", path, strerror(errno)), false;
    return true;
}

}  // namespace winshim::tool
