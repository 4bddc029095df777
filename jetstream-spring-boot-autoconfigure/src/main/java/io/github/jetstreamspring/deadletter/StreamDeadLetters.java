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
package io.github.jetstreamspring.deadletter;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

import io.github.jetstreamspring.guard.Failures;
import io.github.jetstreamspring.messaging.HeaderBlock;
import io.github.jetstreamspring.messaging.JetStreamHeaders;
import io.github.jetstreamspring.messaging.RedriveBell;
import io.github.jetstreamspring.messaging.RedriveLane;
import io.github.jetstreamspring.messaging.SigningKey;
import io.github.jetstreamspring.messaging.StoredMessages;
import io.github.jetstreamspring.publisher.JetStreamException;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.publisher.PublishResult;
import io.nats.client.api.StreamInfo;
import org.jspecify.annotations.Nullable;

/**
 * {@link DeadLetters} in a stream.
 */
final class StreamDeadLetters implements DeadLetters {

	private static final int DEFAULT_LIMIT = 100;

	private static final int MAX_LIMIT = 1000;

	private static final int MAX_LOOKED_AT = 10_000;

	private static final long MAX_BYTES = 8L * 1024 * 1024;

	// Requests that wait for their answers
	private static final int IN_FLIGHT = 100;

	private final LetterStream stream;

	private final JetStreamTemplate template;

	private final RedriveLane lane;

	private final RedriveTargets targets;

	private final @Nullable SigningKey signingKey;

	private final SharedSummary summary = new SharedSummary();

	/**
	 * Creates dead letters.
	 * @param template publishes what is redriven
	 * @param lane tells where the letters are, and where they go
	 * @param targets are the consumers that letters can be redriven to
	 * @param signingKey vouches for what is redriven, {@code null} for one that is made
	 * of a stream's creation time
	 */
	StreamDeadLetters(JetStreamTemplate template, RedriveLane lane, RedriveTargets targets,
			@Nullable SigningKey signingKey) {
		this.stream = new LetterStream(template.connection(), lane.deadLetterStream());
		this.template = template;
		this.lane = lane;
		this.targets = targets;
		this.signingKey = signingKey;
	}

	@Override
	public DeadLetterPage find(DeadLetterQuery query) {
		int limit = (query.limit() != Long.MAX_VALUE) ? (int) Math.min(query.limit(), MAX_LIMIT) : DEFAULT_LIMIT;
		List<LetterHeaders> found = new ArrayList<>();
		OptionalLong next = OptionalLong.empty();
		long bytes = 0;
		int looked = 0;
		try (LetterScan scan = scan(query)) {
			for (LetterHeaders letter = scan.next(); letter != null; letter = scan.next()) {
				if (looked == MAX_LOOKED_AT) {
					next = OptionalLong.of(letter.sequence());
					break;
				}
				looked++;
				if (!matches(query, letter)) {
					continue;
				}
				long size = letter.size() + letter.headers().size();
				if (found.size() == limit || isTooMuch(bytes, size)) {
					next = OptionalLong.of(letter.sequence());
					break;
				}
				found.add(letter);
				bytes += size;
			}
			return page(found, next);
		}
		catch (InterruptedException ex) {
			throw interrupted(ex);
		}
	}

	private static boolean isTooMuch(long bytes, long more) {
		return bytes > 0 && bytes + more > MAX_BYTES;
	}

	private DeadLetterPage page(List<LetterHeaders> found, OptionalLong next) throws InterruptedException {
		List<StoredDeadLetter> letters = new ArrayList<>();
		long bytes = 0;
		for (int start = 0; start < found.size(); start += IN_FLIGHT) {
			List<LetterHeaders> portion = found.subList(start, Math.min(found.size(), start + IN_FLIGHT));
			List<CompletableFuture<StoredMessages.@Nullable Stored>> answers = portion.stream()
				.map((letter) -> this.stream.request(letter.sequence()))
				.toList();
			for (int i = 0; i < portion.size(); i++) {
				StoredMessages.Stored stored = join(answers.get(i));
				// It may be gone by now
				StoredDeadLetter letter = (stored != null) ? letter(stored) : null;
				long size = (letter != null && stored != null) ? size(letter, stored) : 0;
				if (letter != null && isTooMuch(bytes, size)) {
					// In parts, whose size nobody has known before
					return new DeadLetterPage(letters, OptionalLong.of(letter.sequence()));
				}
				if (letter != null) {
					letters.add(letter);
					bytes += size;
				}
			}
		}
		return new DeadLetterPage(letters, next);
	}

	private static long size(StoredDeadLetter letter, StoredMessages.Stored stored) {
		return (long) letter.payload().length + stored.headerBlock().length;
	}

	private <T extends @Nullable Object> T join(CompletableFuture<T> answer) {
		try {
			return answer.join();
		}
		catch (RuntimeException ex) {
			Throwable cause = Objects.requireNonNull(Failures.unwrap(ex));
			throw (cause instanceof JetStreamException failure) ? failure
					: this.stream.unreadable(cause.getMessage(), cause);
		}
	}

	@Override
	public Optional<StoredDeadLetter> get(long sequence) {
		try {
			StoredMessages.Stored stored = find(sequence);
			return Optional.ofNullable((stored != null) ? letter(stored) : null);
		}
		catch (InterruptedException ex) {
			throw interrupted(ex);
		}
	}

	private StoredMessages.@Nullable Stored find(long sequence) {
		StoredMessages.Stored stored = (sequence > 0) ? this.stream.find(sequence) : null;
		if (stored == null) {
			// Without a stream there are no letters, but that is something else
			this.stream.state();
		}
		return stored;
	}

	private @Nullable StoredDeadLetter letter(StoredMessages.Stored stored) throws InterruptedException {
		LetterHeaders headers = headers(stored);
		if (headers.isPart()) {
			return null;
		}
		LetterContent content = LetterContent.of(this.stream, headers, stored);
		return headers.letter(content.headers(), content.payload());
	}

	private static LetterHeaders headers(StoredMessages.Stored stored) {
		return new LetterHeaders(stored.sequence(), stored.subject(), stored.time(), HeaderBlock.of(stored.headers()),
				stored.payload().length, stored.payload());
	}

	@Override
	public long count(DeadLetterQuery query) {
		long count = 0;
		try (LetterScan scan = scan(query)) {
			for (LetterHeaders letter = scan.next(); letter != null && count < query.limit(); letter = scan.next()) {
				count += matches(query, letter) ? 1 : 0;
			}
			return count;
		}
		catch (InterruptedException ex) {
			throw interrupted(ex);
		}
	}

	@Override
	public DeadLetterSummary summary() {
		try {
			return this.summary.get(() -> LetterCount.summary(scan(DeadLetterQuery.all())));
		}
		catch (InterruptedException ex) {
			throw interrupted(ex);
		}
	}

	@Override
	public PublishResult redrive(long sequence) {
		try {
			StoredMessages.Stored stored = find(sequence);
			if (stored == null || headers(stored).isPart()) {
				throw new DeadLetterNotFoundException(this.stream.name(), sequence);
			}
			return redrive(headers(stored), stored);
		}
		catch (InterruptedException ex) {
			throw interrupted(ex);
		}
	}

	private PublishResult redrive(LetterHeaders letter, StoredMessages.Stored stored) throws InterruptedException {
		RedriveTargets.Looks look = this.targets.look();
		String obstacle = look.obstacle(letter);
		LetterContent content = LetterContent.of(this.stream, letter, stored);
		if (obstacle == null && content.fault() != null) {
			obstacle = "It can't be restored: " + content.fault();
		}
		if (obstacle != null) {
			throw new IllegalStateException(
					"Dead letter %d can't be redriven. %s".formatted(letter.sequence(), obstacle));
		}
		RedriveWriter writer = writer();
		look.open(letter);
		PublishResult result = join(writer.publish(letter, content));
		writer.checkSame();
		ring();
		join(delete(letter, content.parts()));
		return result;
	}

	private void ring() {
		RedriveBell.of(this.stream.connection()).ring();
	}

	private RedriveWriter writer() {
		StreamInfo info = this.targets.stream();
		SigningKey key = (this.signingKey != null) ? this.signingKey : SigningKey.ofStream(info);
		return new RedriveWriter(this.template, this.lane, key, () -> this.targets.checkSame(info));
	}

	@Override
	public RedriveResult redrive(DeadLetterQuery query, RedriveOptions options) {
		RedriveTally tally = new RedriveTally(options.progress());
		try (LetterScan scan = new LetterScan(this.stream, query, subjects(query), query.isAboutSubjectsOnly())) {
			// Only now is it certain what the selection ends with
			RedriveWriter writer = options.isDryRun() ? null : writer();
			LetterPurge purge = new LetterPurge(this.stream, subjects(query), scan);
			new Redrive(this.stream, this.targets.look(), writer, purge, tally, this::ring)
				.run(() -> nextMatch(scan, query, purge), options, Math.min(query.limit(), options.limit()));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (JetStreamException ex) {
			throw new JetStreamException(
					"%d dead letters are redriven, the others are not. %s".formatted(tally.redriven(), ex.getMessage()),
					ex);
		}
		tally.tell();
		return tally.result();
	}

	private @Nullable LetterHeaders nextMatch(LetterScan scan, DeadLetterQuery query, LetterPurge purge)
			throws InterruptedException {
		LetterHeaders letter = scan.next();
		while (letter != null && !matches(query, letter)) {
			purge.impossible();
			letter = scan.next();
		}
		if (!scan.isOfAll()) {
			purge.impossible();
		}
		return letter;
	}

	@Override
	public boolean discard(long sequence) {
		try {
			StoredMessages.Stored stored = find(sequence);
			if (stored == null || headers(stored).isPart()) {
				return false;
			}
			return Boolean.TRUE.equals(join(discard(headers(stored), stored)));
		}
		catch (InterruptedException ex) {
			throw interrupted(ex);
		}
	}

	private CompletableFuture<Boolean> discard(LetterHeaders letter, StoredMessages.Stored stored)
			throws InterruptedException {
		List<Long> parts = letter.hasParts() ? LetterContent.of(this.stream, letter, stored).parts() : List.of();
		return delete(letter, parts);
	}

	// The letter first: without its parts it would be of no use
	private CompletableFuture<Boolean> delete(LetterHeaders letter, List<Long> parts) {
		return this.stream.delete(letter.sequence())
			.thenCompose((deleted) -> CompletableFuture
				.allOf(parts.stream().map(this.stream::delete).toArray(CompletableFuture[]::new))
				.thenApply((all) -> deleted));
	}

	@Override
	public long discard(DeadLetterQuery query) {
		long discarded = 0;
		List<CompletableFuture<Boolean>> inFlight = new ArrayList<>();
		try (LetterScan scan = scan(query)) {
			long left = query.limit();
			for (LetterHeaders letter = scan.next(); letter != null && left > 0; letter = scan.next()) {
				if (!matches(query, letter)) {
					continue;
				}
				left--;
				scan.checkSameNowAndThen();
				inFlight.add(discard(letter));
				if (inFlight.size() == IN_FLIGHT) {
					discarded += settle(inFlight);
				}
				if (Thread.interrupted()) {
					throw new InterruptedException();
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		return discarded + settle(inFlight);
	}

	private CompletableFuture<Boolean> discard(LetterHeaders letter) throws InterruptedException {
		if (!letter.hasParts()) {
			return this.stream.delete(letter.sequence());
		}
		StoredMessages.Stored stored = this.stream.find(letter.sequence());
		return (stored != null) ? discard(letter, stored) : CompletableFuture.completedFuture(false);
	}

	private long settle(List<CompletableFuture<Boolean>> inFlight) {
		long discarded = inFlight.stream().map(this::join).filter(Boolean.TRUE::equals).count();
		inFlight.clear();
		return discarded;
	}

	private LetterScan scan(DeadLetterQuery query) {
		return new LetterScan(this.stream, query, subjects(query), false);
	}

	private @Nullable String subjects(DeadLetterQuery query) {
		if (query.stream() == null && query.consumer() == null) {
			return null;
		}
		return this.lane.letters((query.stream() != null) ? query.stream() : "*",
				(query.consumer() != null) ? query.consumer() : "*");
	}

	private boolean matches(DeadLetterQuery query, LetterHeaders letter) throws InterruptedException {
		if (letter.get(JetStreamHeaders.DEAD_LETTER_HEADERS_SIZE) == null || !query.hasHeaders()) {
			return query.matches(letter);
		}
		// The headers of the original are in the parts
		StoredMessages.Stored stored = this.stream.find(letter.sequence());
		return stored != null && query.matches(letter.with(LetterContent.of(this.stream, letter, stored).headers()));
	}

	private JetStreamException interrupted(InterruptedException ex) {
		Thread.currentThread().interrupt();
		return this.stream.unreadable("the thread was interrupted", ex);
	}

}
