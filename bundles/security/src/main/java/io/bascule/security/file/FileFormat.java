/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.file;

/** What stands in a file, and how. */
public interface FileFormat<T> {

    /** What kind of provider reads it, such as {@code password-file}. */
    String kind();

    /** Whether it is only for those who run the broker. */
    boolean secret();

    /** @throws BadFileException where one line is wrong: nothing of such a file is used */
    T parse(String text) throws BadFileException;

    /** What is logged of a file that is in force, such as {@code 3 users}. */
    String describe(T content);
}
