/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.login;

import io.bascule.api.Ban;
import io.bascule.api.Bans;
import io.bascule.audit.Audit;
import io.bascule.audit.AuditEntry;
import io.bascule.audit.AuditEvent;
import io.bascule.broker.Limit;
import io.bascule.mqtt.ReasonCode;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts failed logins and decides what comes of them:
 *
 * <ul>
 *   <li>a user, or a client that shows no user name, at one address: from the third on its failures are answered late, and then it is banned there;
 *   <li>an address: it is banned as a whole, unless all clients of this machine or of a proxy may have it;
 *   <li>a user at all addresses together: his failures are answered late, and he is never banned, or anybody could lock him out.
 * </ul>
 *
 * <p>It outlives the broker component, whoever else uses it, so an edit of the broker's file lifts no ban. Safe for use by several threads.
 */
@Component(
        immediate = true,
        service = {Bans.class, LoginGuard.class})
public final class LoginGuard implements Bans {
    private static final Logger LOG = LoggerFactory.getLogger(LoginGuard.class);
    private static final int CAPACITY = 100_000;
    private static final int SWEPT_AT_ONCE = 2000;

    private final LongSupplier nanoTime;
    private final FailureTable pairs = new FailureTable(CAPACITY);
    private final FailureTable users = new FailureTable(CAPACITY);
    private final FailureTable addresses = new FailureTable(CAPACITY);
    private final BanTable bannedPairs = new BanTable(CAPACITY);
    private final BanTable bannedAddresses = new BanTable(CAPACITY);
    private LoginPolicy policy = LoginPolicy.DEFAULT;

    /** A guard who has seen nobody yet. */
    @Activate
    public LoginGuard() {
        this(System::nanoTime);
    }

    /** One for whom time goes by this clock, which never goes back. */
    public LoginGuard(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** From now on this is what becomes of those who fail; a ban lasts as long as it was to last when it began. */
    public synchronized void obey(LoginPolicy newPolicy) {
        policy = newPolicy;
    }

    /** Whether nobody is served who comes from this address. */
    public synchronized boolean bansAddress(SocketAddress from) {
        return bannedAddresses.size() > 0
                && bannedAddresses.refuses(LoginOrigin.of(from).address(), nanoTime.getAsLong());
    }

    /** The limit that somebody has gone beyond who may therefore not log in. */
    public synchronized Optional<Limit> bans(LoginOrigin origin) {
        long now = nanoTime.getAsLong();
        if (bannedAddresses.refuses(origin.address(), now)) {
            return Optional.of(Limit.LOGIN_FAILURES_ADDRESS);
        }
        boolean banned =
                origin.pairKey().filter(key -> bannedPairs.refuses(key, now)).isPresent();
        return banned ? Optional.of(Limit.LOGIN_FAILURES) : Optional.empty();
    }

    /** Somebody has proved who he is. */
    public synchronized void accepted(LoginOrigin origin) {
        origin.pairKey().ifPresent(pairs::forget);
    }

    /**
     * Somebody is rejected. It counts if that is because of who he is or is not, and not because that could not be found out.
     *
     * @param listener through which he has come, for the log
     * @return how long the answer is to be held back
     */
    public Duration rejected(LoginOrigin origin, ReasonCode reason, String listener) {
        boolean failed = reason == ReasonCode.BAD_USER_NAME_OR_PASSWORD || reason == ReasonCode.NOT_AUTHORIZED;
        if (!failed) {
            return Duration.ZERO;
        }
        List<LoginOrigin> banned = new ArrayList<>(0);
        Duration ban;
        Duration hold;
        synchronized (this) {
            hold = count(origin, listener, banned);
            ban = policy.ban();
        }
        banned.forEach(each -> tellBanned(each, Instant.now().plus(ban), listener));
        return hold;
    }

    private static void tellBanned(LoginOrigin who, Instant until, String listener) {
        LOG.warn(
                "{} is banned until {}, after too many failed logins, the last on listener {}",
                who,
                until.truncatedTo(ChronoUnit.SECONDS),
                listener);
        Audit.record(
                AuditEvent.BAN_BEGUN,
                entry -> who.describe(entry.listener(listener)).until(until));
    }

    private Duration count(LoginOrigin origin, String listener, List<LoginOrigin> banned) {
        long now = nanoTime.getAsLong();
        int failures = 0;
        if (origin.pairKey().isPresent()) {
            String key = origin.pairKey().get();
            failures = pairs.failed(key, now);
            if (policy.bans(failures)) {
                pairs.forget(key);
                bannedPairs.add(key, new Banned(origin, listener, now, policy.ban()));
                banned.add(origin);
            }
        }
        int everywhere = origin.user().map(user -> users.failed(user, now)).orElse(0);
        if (origin.mayBeBannedAsAWhole() && policy.bansAddress(addresses.failed(origin.address(), now))) {
            LoginOrigin address = origin.wholeAddress();
            addresses.forget(address.address());
            bannedAddresses.add(address.address(), new Banned(address, listener, now, policy.ban()));
            banned.add(address);
        }
        return policy.hold(Math.max(failures, everywhere));
    }

    /** Forgets what is long past; called now and then. */
    public void sweep() {
        List<Banned> over = new ArrayList<>();
        synchronized (this) {
            long now = nanoTime.getAsLong();
            pairs.sweep(now, SWEPT_AT_ONCE);
            users.sweep(now, SWEPT_AT_ONCE);
            addresses.sweep(now, SWEPT_AT_ONCE);
            over.addAll(bannedPairs.sweep(now, SWEPT_AT_ONCE));
            over.addAll(bannedAddresses.sweep(now, SWEPT_AT_ONCE));
        }
        over.forEach(banned -> {
            LOG.info("{}", banned);
            Audit.record(AuditEvent.BAN_OVER, entry -> banned.describe(entry));
        });
    }

    // ---------------------------------------------------------------- for people

    @Override
    public synchronized List<Ban> list() {
        long nowNanos = nanoTime.getAsLong();
        Instant now = Instant.now();
        return Stream.concat(bannedAddresses.inForce(nowNanos), bannedPairs.inForce(nowNanos))
                .map(banned -> banned.toBan(nowNanos, now))
                .toList();
    }

    @Override
    public int lift(String address) {
        return lift(banned -> banned.origin().address().equals(address), address, entry -> entry.address(address));
    }

    @Override
    public int lift(String address, String name) {
        return lift(
                banned -> banned.origin().address().equals(address)
                        && banned.origin().name().filter(name::equals).isPresent(),
                name + " at " + address,
                entry -> entry.name(name).address(address));
    }

    @Override
    public int liftAll() {
        return lift(banned -> true, "everybody", entry -> {});
    }

    private int lift(Predicate<Banned> which, String whose, Consumer<AuditEntry> about) {
        int lifted;
        synchronized (this) {
            long now = nanoTime.getAsLong();
            lifted = bannedPairs.lift(which, now) + bannedAddresses.lift(which, now);
        }
        if (lifted > 0) {
            LOG.info("bans of {} are lifted: {}", LoginOrigin.printable(whose), lifted);
            int count = lifted;
            Audit.record(AuditEvent.BAN_LIFTED, entry -> about.accept(entry.count(count)));
        }
        return lifted;
    }
}
