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

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

import io.github.jetstreamspring.guard.OwnThreads;
import io.github.jetstreamspring.messaging.HeaderFields;
import io.github.jetstreamspring.messaging.ContentEncodings;
import io.github.jetstreamspring.messaging.JetStreamHeaders;
import io.github.jetstreamspring.messaging.MessageTypes;
import io.github.jetstreamspring.messaging.NatsMessages;
import io.github.jetstreamspring.messaging.PermissionViolation;
import io.github.jetstreamspring.messaging.SigningKey;
import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.util.Assert;

/**
 * {@link JetStreamOperations} on a NATS connection. Can be used by many threads at once.
 * <p>
 * A message that isn't confirmed within a second is sent again, with the same message id,
 * until the timeout of the options has passed; so is one that no stream answers, as a
 * stream without a leader doesn't. When the server says that no stream listens on its
 * subject, it is tried for two seconds, or half of the timeout if that is less.
 * <p>
 * The futures are completed on the thread that receives the confirmations: what depends
 * on them directly must not wait for anything, or uses the {@code …Async} methods of
 * {@link CompletableFuture}.
 *
 * @since 0.1.0
 */
public final class JetStreamTemplate implements JetStreamOperations, DisposableBean {

	private final Connection connection;

	private final PayloadWriter payloads;

	private final Sender sender;

	private final StreamLookup streams;

	private final GroupPublisher groups;

	private final UniqueJobs uniqueJobs;

	private final Requests requests;

	private final Schedules schedules;

	private final DuplicateCheck duplicates;

	/**
	 * Creates a template.
	 * @param connection the connection, which must outlive the template
	 * @param messageConverter converts payloads
	 * @param options the limits
	 * @param observer is told what becomes of messages
	 */
	public JetStreamTemplate(Connection connection, MessageConverter messageConverter, PublisherOptions options,
			PublishObserver observer) {
		this(connection, messageConverter, options, observer, () -> true);
	}

	/**
	 * Creates a template that is there before the application's streams are.
	 * @param connection the connection, which must outlive the template
	 * @param messageConverter converts payloads
	 * @param options the limits
	 * @param observer is told what becomes of messages
	 * @param streamsDeclared whether the application's streams are declared; as long as
	 * they aren't, a message on whose subject no stream listens fails at once
	 */
	public JetStreamTemplate(Connection connection, MessageConverter messageConverter, PublisherOptions options,
			PublishObserver observer, BooleanSupplier streamsDeclared) {
		this(connection, messageConverter, options, observer, streamsDeclared, null);
	}

	/**
	 * Creates a template whose delayed messages wait on subjects that nobody can guess
	 * who doesn't have the application's key.
	 * @param connection the connection, which must outlive the template
	 * @param messageConverter converts payloads
	 * @param options the limits
	 * @param observer is told what becomes of messages
	 * @param streamsDeclared whether the application's streams are declared; as long as
	 * they aren't, a message on whose subject no stream listens fails at once
	 * @param signingKey the key, the same for all that replace each other's messages;
	 * {@code null} for one that is made of the stream's creation time
	 */
	public JetStreamTemplate(Connection connection, MessageConverter messageConverter, PublisherOptions options,
			PublishObserver observer, BooleanSupplier streamsDeclared, @Nullable SigningKey signingKey) {
		this(connection, new PayloadWriter(messageConverter, new MessageTypes(), ContentEncodings.DEFAULTS), options,
				observer, streamsDeclared, signingKey);
	}

	/**
	 * Creates a template that writes payloads in a way of its own.
	 * @param connection the connection, which must outlive the template
	 * @param payloads writes payloads
	 * @param options the limits
	 * @param observer is told what becomes of messages
	 * @param streamsDeclared whether the application's streams are declared; as long as
	 * they aren't, a message on whose subject no stream listens fails at once
	 * @param signingKey the key, the same for all that replace each other's messages;
	 * {@code null} for one that is made of the stream's creation time
	 */
	public JetStreamTemplate(Connection connection, PayloadWriter payloads, PublisherOptions options,
			PublishObserver observer, BooleanSupplier streamsDeclared, @Nullable SigningKey signingKey) {
		this.connection = connection;
		this.payloads = payloads;
		// What becomes of a message doesn't depend on who is told
		PublishObserver guarded = PublishObserver.of(List.of(observer));
		MissingStreams missingStreams = new MissingStreams(connection, streamsDeclared);
		this.sender = new Sender(connection, missingStreams, options, guarded);
		this.streams = new StreamLookup(connection, missingStreams, options.timeout());
		this.groups = new GroupPublisher(connection, this.sender, options, guarded, this.streams);
		this.uniqueJobs = new UniqueJobs(this.streams);
		this.requests = new Requests(connection, payloads.converter(), this.sender.scheduler());
		this.schedules = new Schedules(connection, this.streams, signingKey);
		this.duplicates = new DuplicateCheck(connection, this.sender, options.timeout());
	}

	@Override
	public PublishResult publish(String subject, Object payload) {
		return message(payload).to(subject).publish();
	}

	@Override
	public CompletableFuture<PublishResult> publishAsync(String subject, Object payload) {
		return message(payload).to(subject).publishAsync();
	}

	@Override
	public MessageBuilder message(Object payload) {
		return new TemplateMessageBuilder(this, payload);
	}

	@Override
	public AfterCommit afterCommit() {
		return new TransactionAwarePublisher(this);
	}

	@Override
	public <T> @Nullable T request(String subject, Object payload, Class<T> responseType, Duration timeout) {
		return message(payload).to(subject).request(responseType, timeout);
	}

	@Override
	public <T> CompletableFuture<@Nullable T> requestAsync(String subject, Object payload, Class<T> responseType,
			Duration timeout) {
		return message(payload).to(subject).requestAsync(responseType, timeout);
	}

	@Override
	public void reply(String address, @Nullable Object result) {
		Headers headers = new Headers();
		if (result == null) {
			headers.put(JetStreamHeaders.REPLY_STATUS, JetStreamHeaders.REPLY_NONE);
		}
		byte[] payload = (result != null) ? this.payloads.write(result) : new byte[0];
		if (payload.length + headers.serializedLength() > this.connection.getMaxPayload()) {
			// Who waits for the reply would wait in vain
			this.connection.publish(PublishSubjects.check(address),
					NatsMessages
						.failedReply("The reply is too large: it has %d bytes, and max_payload of the server is %d"
							.formatted(payload.length, this.connection.getMaxPayload())),
					new byte[0]);
			throw new MessageTooLargeException(address, payload.length,
					"max_payload of the server (%d)".formatted(this.connection.getMaxPayload()), null);
		}
		this.connection.publish(PublishSubjects.check(address), headers, payload);
	}

	/**
	 * Publishes a message to a subject that only one message at a time may have.
	 * @param subject the subject without its last token
	 * @param message the message
	 * @return a future of where the message, or the one in its way, is stored
	 */
	CompletableFuture<PublishResult> sendUnique(String subject, IdentifiedMessage message) {
		try {
			return this.sender.send(message, this.uniqueJobs.stream(subject)).future();
		}
		catch (JetStreamException ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	/**
	 * Publishes a message of the NATS client to a subject that only one message may have,
	 * without waiting for the server. If there is one already, the result is a duplicate.
	 * Nothing is added to it that isn't for the server.
	 * @param message the message
	 * @param stream the stream, and the only one in which it may be stored
	 * @return a future of where the message, or the one in its way, is stored, which
	 * fails with a {@link JetStreamException}
	 */
	public CompletableFuture<PublishResult> sendOnce(Message message, String stream) {
		HeaderFields headers = new HeaderFields(message.getHeaders()).put(PublishHeaders.EXPECTED_STREAM, stream)
			.put(PublishHeaders.EXPECTED_SUBJECT_SEQUENCE, "0");
		return this.sender.sendUnchanged(IdentifiedMessage.of(message.getSubject(), headers, message.getData()), stream)
			.future();
	}

	Requests requests() {
		return this.requests;
	}

	/**
	 * Publishes a message of the NATS client as it is, without waiting for the server. A
	 * message id is added if it has none.
	 * @param message the message
	 * @return a future of where the message was stored, which fails with a
	 * {@link JetStreamException}
	 */
	public CompletableFuture<PublishResult> send(Message message) {
		return send(IdentifiedMessage.of(message));
	}

	/**
	 * Publishes a message with an id that nothing else can have, without waiting for the
	 * server. If the server says that it has it already, that is looked up; if what it
	 * has isn't this message, the message is published again under another id.
	 * @param message the message
	 * @return a future of where the message was stored, which fails with a
	 * {@link JetStreamException}: with a {@link PublishTimeoutException} also if it can't
	 * be told at the moment what the server has
	 */
	public CompletableFuture<PublishResult> sendVerified(Message message) {
		return this.duplicates.send(IdentifiedMessage.of(message));
	}

	/**
	 * The same as {@link #sendVerified(Message)} for a message that is being built.
	 * @param message the message, from {@link #message(Object)}
	 * @return a future of where the message was stored, which fails with a
	 * {@link JetStreamException}
	 */
	public CompletableFuture<PublishResult> sendVerified(MessageBuilder message) {
		return sendVerified(prepare(List.of(message)).get(0).message());
	}

	CompletableFuture<PublishResult> send(IdentifiedMessage message) {
		return this.sender.send(message, null).future();
	}

	@Override
	public List<PublishResult> publishAll(Collection<? extends MessageBuilder> messages) {
		return this.groups.publish(prepare(messages));
	}

	@Override
	public List<PublishResult> publishAtomically(Collection<? extends MessageBuilder> messages) {
		return this.groups.publishAtomically(prepare(messages));
	}

	/**
	 * Makes messages, or fails with what is wrong with one of them before any is sent.
	 */
	private List<IdentifiedMessage> prepare(Collection<? extends MessageBuilder> builders) {
		List<IdentifiedMessage> messages = new ArrayList<>(builders.size());
		for (MessageBuilder builder : builders) {
			Assert.isTrue(builder instanceof TemplateMessageBuilder,
					"Messages to be published together must come from message(payload)");
			IdentifiedMessage message = ((TemplateMessageBuilder) builder).build();
			JetStreamException obstacle = this.sender.obstacle(message.message());
			if (obstacle != null) {
				throw obstacle;
			}
			messages.add(message);
		}
		return messages;
	}

	/**
	 * Publishes a message of the NATS client that is due later, as the message builder
	 * does with {@link MessageBuilder#deliverAt(Instant)}, without waiting for the
	 * server's confirmation. Which stream it goes to is asked before, about every half
	 * minute.
	 * @param message the message; its message id is the id by which it can be replaced
	 * and cancelled
	 * @param due when to deliver it
	 * @return a future of where the schedule was stored, which fails with a
	 * {@link JetStreamException}
	 */
	public CompletableFuture<PublishResult> sendAt(Message message, Instant due) {
		Message schedule;
		try {
			schedule = this.schedules.schedule(message, due);
		}
		catch (JetStreamException ex) {
			return CompletableFuture.failedFuture(ex);
		}
		return sendSchedule(message.getSubject(), schedule);
	}

	/**
	 * Publishes a message of the NATS client that is due later, as a schedule on a given
	 * subject, without waiting for the server's confirmation. Another schedule on that
	 * subject is replaced.
	 * @param message the message; a message id is not kept
	 * @param due when to deliver it
	 * @param scheduleSubject the schedule's subject, one of the message's stream
	 * @return a future of where the schedule was stored, which fails with a
	 * {@link JetStreamException}
	 */
	public CompletableFuture<PublishResult> sendAt(Message message, Instant due, String scheduleSubject) {
		Message schedule;
		try {
			schedule = this.schedules.schedule(message, due, scheduleSubject);
		}
		catch (JetStreamException ex) {
			return CompletableFuture.failedFuture(ex);
		}
		return sendSchedule(message.getSubject(), schedule);
	}

	private CompletableFuture<PublishResult> sendSchedule(String subject, Message schedule) {
		CompletableFuture<PublishResult> result = send(schedule);
		result.whenComplete((stored, failure) -> {
			if (failure != null) {
				// The stream may be another one by now
				this.streams.forget(subject);
			}
		});
		return result;
	}

	@Override
	public boolean cancel(String id) {
		Assert.hasText(id, "The id must not be empty");
		return this.schedules.cancel(id);
	}

	@Override
	public boolean cancel(String subject, String id) {
		Assert.hasText(id, "The id must not be empty");
		return this.schedules.cancel(PublishSubjects.check(subject), id);
	}

	/**
	 * Tells the template of an error that the server reports to the connection's
	 * {@link ErrorListener}. A message to a subject that it forbids fails at once then;
	 * otherwise it would end with a timeout, as the server doesn't answer it.
	 * @param error the error, in the server's words
	 */
	public void serverReported(String error) {
		PermissionViolation.of(error)
			.filter(PermissionViolation::publish)
			.ifPresent((violation) -> this.sender.forbidden(violation.subject()));
	}

	/**
	 * Returns the connection that messages are published on.
	 * @return the connection
	 */
	public Connection connection() {
		return this.connection;
	}

	/**
	 * Returns how many messages wait for their confirmation.
	 * @return the number, at most the options' {@code maxInFlight}
	 */
	public int inFlight() {
		return this.sender.inFlight();
	}

	void checkMayWait() {
		this.sender.checkMayWait();
		this.requests.checkMayWait();
	}

	PublishResult await(String subject, @Nullable String id, CompletableFuture<PublishResult> future) {
		return this.sender.await(subject, String.valueOf(id), future);
	}

	PayloadWriter payloads() {
		return this.payloads;
	}

	/**
	 * Waits until what is in flight is confirmed, for the timeout of the publisher and at
	 * most five seconds. What isn't confirmed by then fails.
	 */
	@Override
	public void destroy() {
		// A handler that closes the context still has its own results to publish
		OwnThreads.afterStop(() -> {
			this.requests.close();
			this.sender.close();
		});
	}

}
