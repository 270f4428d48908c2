/* main.c - an ordinary main around calls.c. */
#include <stdio.h>

int __attribute__((ms_abi)) all_calls(void);
extern const char *first_failure;

int main(void)
{
    const int failures = all_calls();
    if (failures != 0) printf("%d failed, the first: %s\n", failures, first_failure);
    return failures != 0;
}
