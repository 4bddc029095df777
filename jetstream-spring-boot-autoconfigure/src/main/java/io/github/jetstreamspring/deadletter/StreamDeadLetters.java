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
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

import io.github.jetstreamspring.guard.Failures;
import io.github.jetstreamspring.messaging.JetStreamHeaders;
import io.github.jetstreamspring.messaging.StoredMessages;
import io.github.jetstreamspring.publisher.JetStreamException;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
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

	private final String subjectPrefix;

	StreamDeadLetters(JetStreamTemplate template, String stream, String subjectPrefix) {
		this.stream = new LetterStream(template.connection(), stream);
		this.subjectPrefix = subjectPrefix;
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
				if (found.size() == limit || isTooMuch(bytes, letter.size())) {
					next = OptionalLong.of(letter.sequence());
					break;
				}
				found.add(letter);
				bytes += letter.size();
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
				if (letter != null && isTooMuch(bytes, letter.payload().length)) {
					// In parts, whose size nobody has known before
					return new DeadLetterPage(letters, OptionalLong.of(letter.sequence()));
				}
				if (letter != null) {
					letters.add(letter);
					bytes += letter.payload().length;
				}
			}
		}
		return new DeadLetterPage(letters, next);
	}

	private <T> @Nullable T join(CompletableFuture<@Nullable T> answer) {
		try {
			return answer.join();
		}
		catch (RuntimeException ex) {
			Throwable cause = Failures.unwrap(ex);
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
		return new LetterHeaders(stored.sequence(), stored.subject(), stored.time(), stored.headers(),
				stored.payload().length);
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
		LetterCount count = new LetterCount();
		try (LetterScan scan = scan(DeadLetterQuery.all())) {
			for (LetterHeaders letter = scan.next(); letter != null; letter = scan.next()) {
				count.add(letter);
			}
			return count.summary();
		}
		catch (InterruptedException ex) {
			throw interrupted(ex);
		}
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

	// The letter first: its parts are found as long as it is there
	private CompletableFuture<Boolean> discard(LetterHeaders letter, StoredMessages.Stored stored)
			throws InterruptedException {
		List<Long> parts = letter.hasParts() ? LetterContent.of(this.stream, letter, stored).parts() : List.of();
		return deleteParts(parts).thenCompose((deleted) -> this.stream.delete(letter.sequence()));
	}

	private CompletableFuture<?> deleteParts(List<Long> parts) {
		return CompletableFuture.allOf(parts.stream().map(this.stream::delete).toArray(CompletableFuture[]::new));
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
		return new LetterScan(this.stream, query, subjects(query));
	}

	private @Nullable String subjects(DeadLetterQuery query) {
		if (query.stream() == null && query.consumer() == null) {
			return null;
		}
		return "%s.%s.%s".formatted(this.subjectPrefix, (query.stream() != null) ? query.stream() : "*",
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
