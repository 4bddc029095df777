/*
 * Copyright 2026-present the JetStream Spring Boot authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */
package io.github.jetstreamspring.boot.console;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * All instances of the application. Asks them when a page wants to know, at most every
 * two seconds, and takes what comes within half a second.
 */
final class Fleet {

	private static final long MAX_AGE_NANOS = Duration.ofSeconds(2).toNanos();

	private static final long PATIENCE_NANOS = Duration.ofMillis(500).toNanos();

	// As soon as all have answered that did the last time, this long for those that are
	// new
	private static final long REST_NANOS = Duration.ofMillis(100).toNanos();

	// For those that are new and slow, the whole of the patience this often
	private static final long THOROUGH_NANOS = Duration.ofSeconds(10).toNanos();

	private static final int MOST_QUESTIONS = 20;

	private final Connection connection;

	private final String subject;

	private final boolean enabled;

	private final FleetSummary own;

	private final DeliveryHistory history;

	// Guarded by this: one asks at a time
	private final Map<FleetQuestion, Round> rounds = new LinkedHashMap<>();

	private int before;

	private @Nullable Long lastThorough;

	Fleet(Connection connection, String subject, boolean enabled, FleetSummary own, DeliveryHistory history) {
		this.connection = connection;
		this.subject = subject;
		this.enabled = enabled;
		this.own = own;
		this.history = history;
	}

	/**
	 * Describes the instances.
	 * @return {@code instances}, this one first; and a {@code problem} if others can't be
	 * asked
	 */
	Map<String, Object> describe() {
		Round round = ask(new FleetQuestion("10m", null));
		Map<String, Object> described = new LinkedHashMap<>();
		described.put("enabled", this.enabled);
		described.put("instances", round.instances());
		if (round.problem() != null) {
			described.put("problem", round.problem());
		}
		return described;
	}

	/**
	 * Describes what has become of deliveries in all instances.
	 * @param listener the listener's id, or {@code null} for all
	 * @param window over which time
	 * @return the tallies, the oldest first
	 */
	Map<String, Object> history(@Nullable String listener, String window) {
		Round round = ask(new FleetQuestion(window, listener));
		TreeMap<Long, Tally> sums = this.history.tallies(listener, window);
		round.others().forEach((number, tally) -> sums.computeIfPresent(number, (same, sum) -> sum.plus(tally)));
		Map<String, Object> described = new LinkedHashMap<>();
		described.put("tallies", this.history.describe(sums, window));
		described.put("instances", round.instances().size());
		return described;
	}

	private synchronized Round ask(FleetQuestion question) {
		Round known = this.rounds.get(question);
		if (known != null && System.nanoTime() - known.nanos() < MAX_AGE_NANOS) {
			return known;
		}
		FleetAnswers answers = new FleetAnswers(this.own.id(),
				this.history.tallies(question.listener(), question.window()));
		// Known here, whatever somebody says who pretends to be this one
		answers.addOwn(JsonText.of(this.own.answer(question)).getBytes(StandardCharsets.UTF_8));
		String problem = this.enabled ? scatter(question, answers) : null;
		Round round = new Round(System.nanoTime(), answers.instances(), answers.others(), problem);
		// Answers may be large, and are of no use any more
		this.rounds.values().removeIf((one) -> System.nanoTime() - one.nanos() >= MAX_AGE_NANOS);
		this.rounds.remove(question);
		if (this.rounds.size() >= MOST_QUESTIONS) {
			this.rounds.remove(this.rounds.keySet().iterator().next());
		}
		this.rounds.put(question, round);
		return round;
	}

	/**
	 * Asks others.
	 * @return why not all can be known, or {@code null}
	 */
	private @Nullable String scatter(FleetQuestion question, FleetAnswers answers) {
		if (this.connection.getStatus() != Connection.Status.CONNECTED) {
			return "The connection to the server is lost, so other instances can't be asked";
		}
		Subscription inbox = null;
		try {
			String replyTo = this.connection.createInbox();
			inbox = this.connection.subscribe(replyTo);
			inbox.setPendingLimits(2 * FleetAnswers.MOST, FleetAnswers.MOST_BYTES);
			this.connection.publish(this.subject, replyTo, question.toBytes());
			gather(inbox, answers);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (IllegalStateException ex) {
			// The connection is being closed, and there is nothing to say any more
		}
		finally {
			close(inbox);
		}
		this.before = answers.instances().size();
		return answers.isOwnHeard() ? answers.problem(this.subject)
				: ("Other instances can't be asked, as not even this one has got the question: the user of the"
						+ " connection needs the permission to publish and to subscribe to '%s'. Without it, this instance"
						+ " is shown alone")
					.formatted(this.subject);
	}

	private void gather(Subscription inbox, FleetAnswers answers) throws InterruptedException {
		long start = System.nanoTime();
		boolean thorough = this.lastThorough == null || start - this.lastThorough >= THOROUGH_NANOS;
		if (thorough) {
			this.lastThorough = start;
		}
		long deadline = start + PATIENCE_NANOS;
		for (int i = 0; i < 2 * FleetAnswers.MOST && System.nanoTime() < deadline; i++) {
			Message message = inbox.nextMessage(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
			if (message == null) {
				break;
			}
			answers.add(message.getData());
			if (!thorough && answers.isOwnHeard() && answers.instances().size() >= this.before) {
				deadline = Math.min(deadline, System.nanoTime() + REST_NANOS);
			}
		}
	}

	private static void close(@Nullable Subscription inbox) {
		try {
			if (inbox != null) {
				inbox.unsubscribe();
			}
		}
		catch (IllegalStateException ex) {
			// Gone with its connection
		}
	}

	/**
	 * What has come of a question.
	 *
	 * @param nanos when it was asked, as a {@link System#nanoTime()}
	 * @param instances what is known of each, this one first
	 * @param others what has become of deliveries in all others together
	 * @param problem why not all are known, or {@code null}
	 */
	private record Round(long nanos, List<Map<String, Object>> instances, Map<Long, Tally> others,
			@Nullable String problem) {
	}

}
