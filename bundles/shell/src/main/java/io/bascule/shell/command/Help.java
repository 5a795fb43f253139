/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

/** What both shells say of an argument or an option that several commands have, or that takes more than a few words. */
public final class Help {
    /** Before an example. */
    public static final String EXAMPLE = "Example: ";
    /** For commands that take a topic or a filter. */
    public static final String QUOTING =
            "The shell takes a # where a word begins for a comment and a $ for a variable: quote them, '#', '$share/a/b'.";

    public static final String QOS = "Quality of service: 0, 1 or 2; 0 by default.";
    public static final String DIRECTION = "forward or subscribe; both when it is left out.";
    public static final String CLIENT_ID = "Whose.";
    public static final String TOPIC = "A topic, without wildcards; quoted where it has a $.";
    public static final String FILTER = "A topic filter; quoted where it has # or $.";

    public static final String PASSWORDS = "The name of the password file, where there are several.";
    public static final String GENERATE = "Makes a password up, and shows it once.";
    public static final String USER = "Of the user.";

    public static final String MESSAGE = "The text; '' for none.";
    public static final String RETAIN = "Keeps it for later subscribers.";
    public static final String FILE = "Sends the content of this file, on the broker's machine.";
    public static final String CONTENT_TYPE = "Content Type, such as application/json.";
    public static final String RESPONSE_TOPIC = "Response Topic: where an answer is expected.";
    public static final String CORRELATION_DATA = "Correlation Data, as text: what the answer is to repeat.";
    public static final String EXPIRY = "Message Expiry Interval, such as 90s or 2h; never by default.";
    public static final String PAYLOAD_FORMAT = "Payload Format Indicator: 1 for UTF-8 text, 0 for bytes.";
    public static final String USER_PROPERTY = "A User Property, name=value; may be given again.";
    public static final String COUNT = "Sends it so many times.";
    public static final String RATE = "With --count: so many a second, such as 100/s; as fast as it goes by default.";

    private Help() {}
}
