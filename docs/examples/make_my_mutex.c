/* make_my_mutex.c - the example of the Windows CE page "Interprocess Synchronization" as a whole program.
 *
 * Purpose   MakeMyMutex() is the page's function; main() puts the mutex to the use its name promises. Nothing in here
 *           knows that it runs on Linux: only <windows.h> and standard C.
 * Use       Start it in two terminals. The first process makes the mutex, the second is told that it exists and waits
 *           until the first lets go (Enter), or dies (kill -9): then it is told so by WAIT_ABANDONED.
 * Build     cc -Iwinapi_headers docs/examples/make_my_mutex.c -Lbuild -lwinshim -Wl,-rpath,build
 */
#include <windows.h>

#include <stdio.h>

HANDLE MakeMyMutex (void)
{
  HANDLE hMutex;

  hMutex = CreateMutex (
            NULL,                             /* no security attributes: the handle is not inheritable */
            FALSE,                            /* the caller does not own it yet */
            TEXT("MutexToProtectDatabase"));  /* whoever knows this name shares the mutex */

  if (NULL == hMutex)
  {
    /* The page leaves the error to the reader: say which it is. The caller gets NULL. */
    printf ("no mutex: error %lu\n", (unsigned long) GetLastError ());
    return NULL;
  }

  if (GetLastError () == ERROR_ALREADY_EXISTS)
  {
    /* Success all the same: this handle and the other process's mean one mutex. */
    printf ("another process has made the mutex\n");
  }
  else
  {
    printf ("made the mutex\n");
  }

  return hMutex;
}

int main (void)
{
  HANDLE hMutex = MakeMyMutex ();
  DWORD result;

  if (NULL == hMutex)
  {
    return 1;
  }
  fflush (stdout);

  result = WaitForSingleObject (hMutex, INFINITE);
  switch (result)
  {
    case WAIT_OBJECT_0:
      printf ("own the mutex; Enter lets it go\n");
      break;
    case WAIT_ABANDONED:
      printf ("own the mutex; its last owner died, so the database may be half changed; Enter lets it go\n");
      break;
    default:
      printf ("wait failed: error %lu\n", (unsigned long) GetLastError ());
      return 1;
  }
  fflush (stdout);
  getchar ();

  if (!ReleaseMutex (hMutex))
  {
    printf ("release failed: error %lu\n", (unsigned long) GetLastError ());
    return 1;
  }
  CloseHandle (hMutex);
  return 0;
}
