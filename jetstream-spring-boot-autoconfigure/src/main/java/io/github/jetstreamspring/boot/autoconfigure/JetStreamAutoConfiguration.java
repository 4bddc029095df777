package io.github.jetstreamspring.boot.autoconfigure;

public final class JetStreamAutoConfiguration {

}
