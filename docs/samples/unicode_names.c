/* unicode_names.c - a UNICODE source with TCHAR: wide names, _tmain, and where they meet the names of char programs.
 *
 * TEXT("...") and the names of functions without a letter mean wide characters here. One object can be reached by both
 * forms of its name.
 */
#ifndef UNICODE
#define UNICODE
#endif
#ifndef _UNICODE
#define _UNICODE
#endif
#include <windows.h>
#include <tchar.h>
#include <stdio.h>

static void Compare(LPCTSTR title, HANDLE first, HANDLE second)
{
    /* Two handles mean one object if a signal of the one is seen through the other. */
    BOOL same;
    ResetEvent(first);
    SetEvent(second);
    same = WaitForSingleObject(first, 0) == WAIT_OBJECT_0;
    _tprintf(TEXT("%-34s %s\n"), title, same ? TEXT("the same object") : TEXT("another object"));
    CloseHandle(second);
}

static void Measure(LPCTSTR text)
{
    char bytes[64];
    TCHAR back[64];
    int length = WideCharToMultiByte(CP_UTF8, 0, text, -1, bytes, 64, NULL, NULL);
    int wide = MultiByteToWideChar(CP_UTF8, 0, bytes, -1, back, 64);
    _tprintf(TEXT("%d characters, %d bytes of UTF-8, there and back: %s\n"), lstrlen(text), length - 1,
             wide == lstrlen(text) + 1 && lstrcmp(text, back) == 0 ? TEXT("equal") : TEXT("different"));
}

int _tmain(int argc, TCHAR *argv[])
{
    HANDLE event = CreateEvent(NULL, TRUE, FALSE, TEXT("sample: \x0416\x00fc\x20ac"));
    TCHAR text[80];

    if (event == NULL || argc != 1)
        return 1;
    _tprintf(TEXT("program: %s\n"), _tcsstr(argv[0], TEXT("unicode_names")) != NULL ? TEXT("unicode_names") : argv[0]);
    _tprintf(TEXT("TCHAR is wchar_t: %s\n"), sizeof(TCHAR) == sizeof(wchar_t) ? TEXT("yes") : TEXT("no"));

    Compare(TEXT("CreateEvent, the same name"), event,
            CreateEvent(NULL, FALSE, FALSE, TEXT("sample: \x0416\x00fc\x20ac")));
    Compare(TEXT("OpenEventW, the same name"), event,
            OpenEventW(EVENT_ALL_ACCESS, FALSE, L"sample: \x0416\x00fc\x20ac"));
    Compare(TEXT("another last character"), event, CreateEvent(NULL, TRUE, FALSE, TEXT("sample: \x0416\x00fc\x20ad")));
    CloseHandle(event);
    event = CreateEvent(NULL, TRUE, FALSE, TEXT("sample: plain"));
    Compare(TEXT("CreateEventA, a name in ASCII"), event, CreateEventA(NULL, FALSE, FALSE, "sample: plain"));

    Measure(TEXT("plain"));
    Measure(TEXT("\x0416\x00fc\x20ac"));
    Measure(TEXT(""));

    lstrcpy(text, TEXT("Mixed"));
    lstrcat(text, TEXT(" Case"));
    _tprintf(TEXT("%s, %d characters\n"), text, (int)_tcslen(text));
    _tprintf(TEXT("lstrcmpi: %d, lstrcmp: %d\n"), lstrcmpi(text, TEXT("mixed case")) == 0,
             lstrcmp(text, TEXT("mixed case")) == 0);
    CharUpper(text);
    _tprintf(TEXT("%s\n"), text);
    wsprintf(text, TEXT("%08lX|%-6s|%c|%S"), 0xBEEFUL, TEXT("left"), TEXT('x'), "from char");
    _tprintf(TEXT("%s\n"), text);
    CloseHandle(event);
    return 0;
}
