/* winmain_ce.c - a program in the manner of Windows CE: UNICODE, WinMain and no main, events with handshake.
 *
 * Two threads, as a driver would have them: the interrupt thread is woken by an event, hands a line of data over, and
 * waits until the other has taken it.
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

#define LINES 4

typedef struct {
    HANDLE interrupt;  /* the device has something */
    HANDLE available;  /* a line is in the buffer */
    HANDLE taken;      /* the buffer may be used again */
    TCHAR buffer[32];
    BOOL stop;
} DEVICE;

static DWORD WINAPI InterruptThread(LPVOID lpParameter)
{
    DEVICE *pDevice = (DEVICE *)lpParameter;
    int nLine = 0;

    while (WaitForSingleObject(pDevice->interrupt, INFINITE) == WAIT_OBJECT_0) {
        if (pDevice->stop)
            break;
        wsprintf(pDevice->buffer, TEXT("line %d of %s"), ++nLine, TEXT("the device"));
        SetEvent(pDevice->available);
        WaitForSingleObject(pDevice->taken, INFINITE);
    }
    return (DWORD)nLine;
}

/* An object that another process would find by its name. */
static HANDLE NamedEvent(LPCTSTR lpName, BOOL bManualReset)
{
    HANDLE hEvent = CreateEvent(NULL, bManualReset, FALSE, lpName);
    DWORD dwError = GetLastError();
    _tprintf(TEXT("%s: %s\n"), lpName, hEvent == NULL ? TEXT("none")
             : dwError == ERROR_ALREADY_EXISTS ? TEXT("opened") : TEXT("created"));
    return hEvent;
}

int WINAPI _tWinMain(HINSTANCE hInstance, HINSTANCE hPrevInstance, LPTSTR lpCmdLine, int nCmdShow)
{
    static DEVICE device;
    HANDLE hThread, hSame;
    DWORD dwThreadId, dwLines = 0;
    int i;

    UNREFERENCED_PARAMETER(nCmdShow);
    _tprintf(TEXT("instance: %s, previous: %s, command line: \"%s\"\n"),
             hInstance == GetModuleHandle(NULL) ? TEXT("this module") : TEXT("?"),
             hPrevInstance == NULL ? TEXT("none") : TEXT("?"), lpCmdLine);

    device.interrupt = NamedEvent(TEXT("DEVICE_INTERRUPT"), FALSE);
    device.available = NamedEvent(TEXT("DEVICE_AVAILABLE"), FALSE);
    device.taken = NamedEvent(TEXT("DEVICE_TAKEN"), FALSE);
    hSame = NamedEvent(TEXT("DEVICE_INTERRUPT"), FALSE);
    hThread = CreateThread(NULL, 0, InterruptThread, &device, 0, &dwThreadId);
    if (hThread == NULL)
        return 1;

    for (i = 0; i < LINES; ++i) {
        SetEvent(hSame);
        if (WaitForSingleObject(device.available, 10000) != WAIT_OBJECT_0)
            break;
        _tprintf(TEXT("got \"%s\", %d characters\n"), device.buffer, lstrlen(device.buffer));
        SetEvent(device.taken);
    }
    device.stop = TRUE;
    SetEvent(device.interrupt);
    WaitForSingleObject(hThread, INFINITE);
    GetExitCodeThread(hThread, &dwLines);
    _tprintf(TEXT("%u lines in all\n"), (unsigned)dwLines);

    CloseHandle(hThread);
    CloseHandle(hSame);
    CloseHandle(device.taken);
    CloseHandle(device.available);
    CloseHandle(device.interrupt);
    return 0;
}
