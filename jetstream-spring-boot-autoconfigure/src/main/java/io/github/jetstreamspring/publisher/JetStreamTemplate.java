package io.github.jetstreamspring.publisher;

public abstract class JetStreamTemplate implements JetStreamOperations {

	public abstract java.util.concurrent.CompletableFuture<PublishResult> send(io.nats.client.Message message);

}
