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

package io.github.jetstreamspring.publisher;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ReplySubjects}.
 */
class ReplySubjectsTests {

	private static final String SUBJECT = "orders.created";

	private final ReplySubjects subjects = new ReplySubjects("_INBOX.x.");

	@Test
	void whenTheStreamIsNotKnownThenEachMessageHasAReplySubjectOfItsOwn() {
		ReplySubject first = this.subjects.next(SUBJECT);
		assertThat(first.subject()).isEqualTo("_INBOX.x." + first.token());
		assertThat(this.subjects.next(SUBJECT).token()).isNotEqualTo(first.token());
	}

	@Test
	void whenAMessageIsConfirmedThenItsReplySubjectIsUsedAgain() {
		ReplySubject reply = known();
		this.subjects.answered(SUBJECT, reply, stored("orders", 2));
		assertThat(this.subjects.next(SUBJECT)).isSameAs(reply);
		// In use
		assertThat(this.subjects.next(SUBJECT)).isNotSameAs(reply);
	}

	@Test
	void whenMessagesToOtherSubjectsGoToTheSameStreamThenTheyShareReplySubjects() {
		ReplySubject reply = known();
		this.subjects.answered("orders.paid", this.subjects.next("orders.paid"), stored("orders", 2));
		this.subjects.answered("bills.paid", this.subjects.next("bills.paid"), stored("bills", 1));
		this.subjects.answered(SUBJECT, reply, stored("orders", 3));
		assertThat(this.subjects.next("bills.paid")).isNotSameAs(reply);
		assertThat(this.subjects.next("orders.paid")).isSameAs(reply);
	}

	@Test
	void aSecondAnswerToAnEarlierMessageIsNotNew() {
		ReplySubject reply = known();
		assertThat(reply.isUsed()).isFalse();
		assertThat(reply.isNew(stored("orders", 2))).isTrue();
		this.subjects.answered(SUBJECT, reply, stored("orders", 2));
		assertThat(reply.isUsed()).isTrue();
		assertThat(reply.isNew(stored("orders", 2))).isFalse();
		assertThat(reply.isNew(stored("other", 3))).isFalse();
		assertThat(reply.isNew(new PublishResult("orders", 3, false, "leaf"))).isFalse();
		assertThat(reply.isNew(stored("orders", 3))).isTrue();
	}

	@Test
	void whenAnAnswerIsInDoubtThenReplySubjectsAreUsedOnceUntilThereIsTrustAgain() {
		ReplySubject reply = known();
		this.subjects.answered(SUBJECT, reply, stored("orders", 2));
		this.subjects.doubt(SUBJECT, reply.stream());
		ReplySubject other = this.subjects.next(SUBJECT);
		assertThat(other).isNotSameAs(reply);
		this.subjects.answered(SUBJECT, other, stored("orders", 3));
		assertThat(this.subjects.next(SUBJECT)).isNotSameAs(reply).isNotSameAs(other);
		this.subjects.trust(SUBJECT, stored("orders", 1));
		ReplySubject trusted = this.subjects.next(SUBJECT);
		this.subjects.answered(SUBJECT, trusted, stored("orders", 2));
		assertThat(this.subjects.next(SUBJECT)).isSameAs(trusted);
	}

	@Test
	void whenAnotherStreamAnswersThenThereIsDoubt() {
		ReplySubject reply = known();
		this.subjects.answered(SUBJECT, reply, stored("other", 1));
		assertThat(streamOf(this.subjects.next(SUBJECT))).isNull();
	}

	@Test
	void whenThereAreMoreSubjectsThanCanBeRememberedThenTheyAreLearnedAnew() {
		known();
		for (int number = 0; number < 1500; number++) {
			String subject = "orders." + number;
			this.subjects.answered(subject, this.subjects.next(subject), stored("orders", number + 1));
		}
		assertThat(streamOf(this.subjects.next(SUBJECT))).isNull();
		assertThat(streamOf(known())).isNotNull();
	}

	private ReplySubject known() {
		this.subjects.answered(SUBJECT, this.subjects.next(SUBJECT), stored("orders", 1));
		return this.subjects.next(SUBJECT);
	}

	private static @Nullable AnsweringStream streamOf(ReplySubject reply) {
		return reply.stream();
	}

	private static PublishResult stored(String stream, long sequence) {
		return new PublishResult(stream, sequence, false);
	}

}
