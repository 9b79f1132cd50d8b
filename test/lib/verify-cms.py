"""Verifies a CMS SignedData on its own: asn1crypto reads, cryptography verifies. Arguments: the root, PEM; DER on stdin.
Prints the content; with --flip instead the places whose last bit may be flipped without being noticed.
"""
import hashlib, sys
from asn1crypto import cms, pem, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.serialization import load_der_public_key

HASHES = {'sha256': hashes.SHA256, 'sha384': hashes.SHA384}


def verify(public_key, signature, data, digest):
    key = load_der_public_key(public_key.dump())
    if isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, data, ec.ECDSA(HASHES[digest]()))
    else:
        key.verify(signature, data, padding.PKCS1v15(), HASHES[digest]())


def read(document):
    info = cms.ContentInfo.load(document, strict=True)
    assert info['content_type'].native == 'signed_data'
    assert info.dump(force=True) == document, 'not DER'
    signed = info['content']
    content = signed['encap_content_info']['content'].native
    (signer,) = signed['signer_infos']
    assert signed['version'].native == 'v1' and signer['version'].native == 'v1'
    digest = signer['digest_algorithm']['algorithm'].native
    assert [each['algorithm'].native for each in signed['digest_algorithms']] == [digest]
    attributes = {each['type'].native: each['values'] for each in signer['signed_attrs']}
    assert set(attributes) == {'content_type', 'message_digest', 'signing_time'}, set(attributes)
    assert attributes['content_type'][0].native == signed['encap_content_info']['content_type'].native == 'data'
    assert attributes['message_digest'][0].native == hashlib.new(digest, content).digest()
    certificates = [each.chosen for each in signed['certificates']]
    assert root not in certificates, 'the root is sent along'
    by = signer['sid'].chosen
    (leaf,) = [each for each in certificates if each.issuer == by['issuer'] and each.serial_number == by['serial_number'].native]
    attribute_set = cms.CMSAttributes(list(signer['signed_attrs']))
    assert signer['signature_algorithm']['algorithm'].native in (f'{digest}_ecdsa', 'rsassa_pkcs1v15')
    verify(leaf.public_key, signer['signature'].native, attribute_set.dump(), digest)
    steps = 0
    while leaf.issuer != root.subject:
        (issuer,) = [each for each in certificates if each.subject == leaf.issuer]
        verify(issuer.public_key, leaf['signature_value'].native, leaf['tbs_certificate'].dump(), leaf.hash_algo)
        leaf, steps = issuer, steps + 1
    verify(root.public_key, leaf['signature_value'].native, leaf['tbs_certificate'].dump(), leaf.hash_algo)
    assert steps == len(certificates) - 1
    return content


def accepts(document):
    try:
        read(document)
    except Exception:
        return False
    return True


root = x509.Certificate.load(pem.unarmor(open(sys.argv[1], 'rb').read())[2])
given = sys.stdin.buffer.read()
if '--flip' in sys.argv:
    assert accepts(given)
    flipped = lambda at: given[:at] + bytes([given[at] ^ 1]) + given[at + 1 :]
    print([at for at in range(len(given)) if accepts(flipped(at))])
else:
    sys.stdout.buffer.write(read(given))
