package org.aliasrpc.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.encoding.Bytes;
import org.junit.jupiter.api.Test;

class HandshakeStateTest {
    private final Random random = new Random(1);
    private final KeyPair client = KeyPair.generate(random);
    private final KeyPair server = KeyPair.generate(random);
    private final HandshakeState initiator;
    private final HandshakeState responder;

    HandshakeStateTest() throws NoiseException {
        initiator = HandshakeState.initiator(HandshakePattern.IK, Bytes.EMPTY, client, server.publicKey(), random);
        responder = HandshakeState.responder(HandshakePattern.IK, Bytes.EMPTY, server, random);
    }

    @Test
    void theResponderLearnsWhoAsksBeforeItAnswers() throws NoiseException {
        assertThat(initiator.remoteStatic()).isEqualTo(server.publicKey());
        assertThat(responder.readMessage(initiator.writeMessage(Bytes.utf8("who"))))
                .isEqualTo(Bytes.utf8("who"));
        assertThat(responder.remoteStatic()).isEqualTo(client.publicKey());
        assertThat(responder.isComplete()).isFalse();
    }

    @Test
    void everyHandshakeGivesOtherKeys() throws NoiseException {
        HandshakeResult first = run(initiator, responder);
        HandshakeResult second = run(
                HandshakeState.initiator(HandshakePattern.IK, Bytes.EMPTY, client, server.publicKey(), random),
                HandshakeState.responder(HandshakePattern.IK, Bytes.EMPTY, server, random));
        assertThat(first.tx()).isNotEqualTo(second.tx()).isNotEqualTo(first.rx());
        assertThat(first.hash()).isNotEqualTo(second.hash());
    }

    @Test
    void stepsOutOfTurnAreMistakesOfTheCaller() throws NoiseException {
        assertThatThrownBy(() -> initiator.readMessage(Bytes.EMPTY)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> responder.writeMessage(Bytes.EMPTY)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(initiator::split).isInstanceOf(IllegalStateException.class);
        run(initiator, responder);
        assertThatThrownBy(() -> initiator.writeMessage(Bytes.EMPTY)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(initiator::split).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aClosedHandshakeIsOverAndItsKeyPairIsNot() {
        initiator.close();
        initiator.close();
        assertThatThrownBy(() -> initiator.writeMessage(Bytes.EMPTY)).isInstanceOf(IllegalStateException.class);
        assertThat(client.sign(Bytes.EMPTY).length()).isEqualTo(64);
    }

    @Test
    void nothingShowsAKey() throws NoiseException {
        HandshakeResult result = run(initiator, responder);
        byte[] key = new byte[32];
        result.tx().copyTo(key, 0);
        assertThat(result.toString())
                .doesNotContain(Bytes.copyOf(key).toHex(), result.hash().toHex().substring(0, 16))
                .isEqualTo("HandshakeResult(initiator " + client.publicKey() + ", remote " + server.publicKey() + ")");
        assertThat(result.tx()).hasToString("SecretBytes(32 bytes)");
        byte[] seed = new byte[32];
        client.seed().copyTo(seed, 0);
        assertThat(client).hasToString("KeyPair(" + client.publicKey() + ")");
        assertThat(client.toString()).doesNotContain(Bytes.copyOf(seed).toHex());
    }

    private static HandshakeResult run(HandshakeState first, HandshakeState second) throws NoiseException {
        second.readMessage(first.writeMessage(Bytes.EMPTY));
        first.readMessage(second.writeMessage(Bytes.EMPTY));
        HandshakeResult result = first.split();
        assertThat(second.split().tx()).isEqualTo(result.rx());
        return result;
    }
}
