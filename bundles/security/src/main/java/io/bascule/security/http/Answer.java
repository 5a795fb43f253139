/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.http;

import com.nimbusds.jose.util.JSONObjectUtils;
import io.bascule.api.Identity;
import io.bascule.mqtt.ReasonCode;
import io.bascule.security.provider.Names;
import io.bascule.spi.AuthenticationResult;
import io.bascule.spi.AuthenticationResult.Abstained;
import io.bascule.spi.AuthenticationResult.Accepted;
import io.bascule.spi.AuthenticationResult.Rejected;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the other server says of a client: an object of JSON, in which anything else than what is asked for is passed over. */
final class Answer {
    private Answer() {}

    /** It says nothing that can be understood; the message is half a sentence, with nothing in it that was sent. */
    static final class BadAnswerException extends Exception {
        private static final long serialVersionUID = 1L;

        BadAnswerException(String message) {
            super(message);
        }
    }

    /**
     * What it comes to.
     *
     * @param userName what CONNECT says, which an answer without a user confirms
     */
    static AuthenticationResult read(byte[] json, Optional<String> userName) throws BadAnswerException {
        Map<String, Object> members;
        try {
            members = JSONObjectUtils.parse(new String(json, StandardCharsets.UTF_8));
        } catch (ParseException e) {
            throw new BadAnswerException("is no object of JSON");
        }
        if (members == null || !(members.get("result") instanceof String result)) {
            throw new BadAnswerException("has no result");
        }
        return switch (result) {
            case "allow" ->
                new Accepted(new Identity(user(members.get("user"), userName), groups(members.get("groups"))));
            case "deny" ->
                Rejected.with(userName.isPresent() ? ReasonCode.BAD_USER_NAME_OR_PASSWORD : ReasonCode.NOT_AUTHORIZED);
            case "ignore" -> new Abstained();
            default -> throw new BadAnswerException("has a result that is none of allow, deny, ignore");
        };
    }

    private static Optional<String> user(Object user, Optional<String> userName) throws BadAnswerException {
        return user == null ? userName : Optional.of(name(user, "user"));
    }

    private static Set<String> groups(Object groups) throws BadAnswerException {
        if (groups == null) {
            return Set.of();
        }
        if (!(groups instanceof List<?> list)) {
            throw new BadAnswerException("has groups that are no list");
        }
        Set<String> names = new HashSet<>();
        for (Object each : list) {
            names.add(name(each, "group"));
        }
        return names;
    }

    private static String name(Object value, String what) throws BadAnswerException {
        if (!(value instanceof String name)) {
            throw new BadAnswerException("has a " + what + " that is no text");
        }
        Optional<String> against = Names.against(name);
        if (against.isPresent()) {
            throw new BadAnswerException("has a " + what + " that " + against.get());
        }
        return name;
    }
}
