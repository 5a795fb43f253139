/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.launcher;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Exceptions in words. */
final class Errors {
    private Errors() {}

    /** The cause at the bottom: those above it only say that something failed. */
    static String reason(Throwable thrown) {
        Throwable bottom = thrown;
        while (bottom.getCause() != null) {
            bottom = bottom.getCause();
        }
        if (bottom instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (bottom instanceof NoSuchFileException) {
            return "no such file or folder";
        }
        if (bottom instanceof FileAlreadyExistsException) {
            return "a file of that name is in the way";
        }
        if (bottom instanceof FileSystemException file && file.getReason() != null) {
            return file.getReason();
        }
        return bottom.getMessage() == null ? bottom.getClass().getSimpleName() : bottom.getMessage();
    }
}
